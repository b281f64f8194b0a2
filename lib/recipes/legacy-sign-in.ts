import { Inject, Logger, type OnModuleInit } from '@nestjs/common';
import { BadInputError, ConfigurationError } from '../core/auth.error.js';
import { Core, PUBLIC_TENANT_ID } from '../core/core.js';
import type { SignInResult, SignUpResult } from '../core/email-password.core.js';
import { readImportedUser } from '../core/imported-user.js';
import type { JsonObject } from '../core/json.types.js';
import { logLine } from '../core/log-line.js';
import type { MaybePromise } from '../core/maybe-promise.js';
import { UserImportCore } from '../core/user-import.core.js';
import type { User } from '../core/users.core.js';
import type { UserContext } from '../http/user-context.js';
import type { Constructor } from '../override/override.js';
import { EmailPasswordFunctions, type SignInInput, type SignUpInput } from './email-password/index.js';
import { ThirdPartyEmailPasswordFunctions } from './third-party-email-password/index.js';

/** Whose email is looked for. */
export interface LegacyEmailInput {
  /** Trimmed and lower-cased where it comes from a form. */
  email: string;
  tenantId: string;
  userContext?: UserContext;
}

/** Who signs in. */
export interface FindLegacyUserInput extends LegacyEmailInput {
  password: string;
}

/** What is kept of a user of the old system, whose password was right there. */
export interface LegacyUser {
  /** The id there, which the user goes by here as well. @default an id of ours */
  externalUserId?: string;
  /** Whether the email was proven to belong to the user. @default false */
  emailVerified?: boolean;
  userMetadata?: JsonObject;
  /** Milliseconds since the Unix epoch. @default now */
  timeJoinedMs?: number;
  /** Tenants beside the one of this sign-in. @default none */
  tenantIds?: string[];
  /** By which the same user may sign in as well. @default none */
  providerAccounts?: {
    /** As in `ThirdPartyRecipe.init`, such as `google`. */
    thirdPartyId: string;
    /** The user's id there (the OpenID subject). */
    thirdPartyUserId: string;
    /** @default the email of this sign-in */
    email?: string;
    /** @default false */
    emailVerified?: boolean;
  }[];
}

/** What an application knows of its old system. */
export interface LegacyUsers {
  /**
   * Asked for an email that nobody signs in with here.
   * @returns undefined where the old system has no such user, or the password is wrong there
   * @throws whatever fails, which is answered as an error, not as wrong credentials
   */
  findLegacyUser(input: FindLegacyUserInput): MaybePromise<LegacyUser | undefined>;
  /**
   * Whether the old system has a user with that email who has not come here yet. Without it, a sign-up may take the email of such
   * a user, who cannot sign in then.
   */
  legacyEmailExists?(input: LegacyEmailInput): MaybePromise<boolean>;
}

/** Calls of the class that is extended, and of the whole class. */
interface Calls {
  core: Core;
  users: LegacyUsers;
  findByEmail(): Promise<User | undefined>;
  getUser(userId: string): Promise<User | undefined>;
}

/**
 * Extends `EmailPasswordFunctions`, or `ThirdPartyEmailPasswordFunctions`, so that users of an old system come here by signing in:
 *
 * ```ts
 * @Injectable()
 * export class MovedUsers extends LegacySignIn(EmailPasswordFunctions) {
 *   constructor(private readonly old: OldUsers) {
 *     super();
 *   }
 *
 *   override async findLegacyUser({ email, password }: FindLegacyUserInput) {
 *     const user = await this.old.verify(email, password);
 *     return user && { externalUserId: user.id, emailVerified: user.isConfirmed };
 *   }
 *
 *   override legacyEmailExists({ email }: LegacyEmailInput) {
 *     return this.old.has(email);
 *   }
 * }
 *
 * EmailPasswordRecipe.init({ override: { functions: MovedUsers } });
 * ```
 *
 * In a list of mixins, one after it has the two methods.
 */
export function LegacySignIn<T extends EmailPasswordFunctions | ThirdPartyEmailPasswordFunctions>(
  Base: Constructor<T>,
): Constructor<T & LegacyUsers> {
  const isCombined = 'emailPasswordSignIn' in Base.prototype;
  const Extended: unknown = isCombined
    ? combined(Base as Constructor<ThirdPartyEmailPasswordFunctions>)
    : emailPassword(Base as Constructor<EmailPasswordFunctions>);
  return Extended as Constructor<T & LegacyUsers>;
}

function emailPassword(Base: Constructor<EmailPasswordFunctions>): Constructor<EmailPasswordFunctions> {
  class WithLegacySignIn extends Base implements OnModuleInit {
    protected readonly legacyUsers = legacyUsersOf(this);

    onModuleInit(): void {
      assertImports(this.core);
    }

    override async signIn(input: SignInInput): Promise<SignInResult> {
      return signInOrMove(input, () => super.signIn(input), this.legacyCalls(input));
    }

    override async signUp(input: SignUpInput): Promise<SignUpResult> {
      return signUpUnlessLegacy(input, () => super.signUp(input), this.legacyCalls(input));
    }

    private legacyCalls({ email, tenantId, userContext }: SignInInput): Calls {
      return {
        core: this.core,
        users: this.legacyUsers,
        findByEmail: () => this.getUserByEmail({ email, tenantId, userContext }),
        getUser: (userId) => this.getUserById({ userId, userContext }),
      };
    }
  }
  return WithLegacySignIn;
}

function combined(Base: Constructor<ThirdPartyEmailPasswordFunctions>): Constructor<ThirdPartyEmailPasswordFunctions> {
  class WithLegacySignIn extends Base implements OnModuleInit {
    @Inject(Core) private readonly legacySignInCore!: Core;
    protected readonly legacyUsers = legacyUsersOf(this);

    onModuleInit(): void {
      assertImports(this.legacySignInCore);
    }

    override async emailPasswordSignIn(input: SignInInput): Promise<SignInResult> {
      return signInOrMove(input, () => super.emailPasswordSignIn(input), this.legacyCalls(input));
    }

    override async emailPasswordSignUp(input: SignUpInput): Promise<SignUpResult> {
      return signUpUnlessLegacy(input, () => super.emailPasswordSignUp(input), this.legacyCalls(input));
    }

    private legacyCalls({ email, tenantId, userContext }: SignInInput): Calls {
      return {
        core: this.legacySignInCore,
        users: this.legacyUsers,
        findByEmail: () => this.emailPasswordGetUserByEmail({ email, tenantId, userContext }),
        getUser: (userId) => this.getUserById({ userId, userContext }),
      };
    }
  }
  return WithLegacySignIn;
}

/** At boot: an application without the method would refuse everybody who has not come yet. */
function legacyUsersOf(functions: object): LegacyUsers {
  const users = functions as LegacyUsers;
  if (typeof users.findLegacyUser === 'function') return users;
  throw new ConfigurationError(
    `LegacySignIn: ${functions.constructor.name} has no method findLegacyUser. ` +
      `Add async findLegacyUser({ email, password, tenantId }) { … }, which returns the user of the old system or undefined.`,
  );
}

/** At boot, rather than when the first of them comes. */
function assertImports(core: Core): void {
  if (core.offers(UserImportCore)) return;
  throw new ConfigurationError(
    'LegacySignIn keeps users by the embedded core, and core has a connectionURI. Give core: { postgres } or core: { sqlite }, ' +
      'or import the users where the core runs: npx latchkey import.',
  );
}

async function signInOrMove(
  { email, password, tenantId = PUBLIC_TENANT_ID, userContext }: SignInInput,
  signIn: () => Promise<SignInResult>,
  { core, users, findByEmail, getUser }: Calls,
): Promise<SignInResult> {
  const result = await signIn();
  if (result.status !== 'WRONG_CREDENTIALS_ERROR' || (await findByEmail()) !== undefined) return result;
  const found = await users.findLegacyUser({ email, password, tenantId, userContext });
  // Databases tend to say null.
  if (found === undefined || found === null) return result;

  const imported = importedUser(found, { email, password, tenantId });
  const [outcome] = await core.port(UserImportCore).importUsers([imported]);
  if (outcome?.status === 'OK') {
    const user = await getUser(outcome.userId);
    // Deleted as soon as made.
    return user === undefined ? result : { status: 'OK', user, ...outcome.loginMethods[0]! };
  }
  // The same user has come by another request meanwhile, or somebody has signed up with the email.
  if (outcome?.status === 'ALREADY_IMPORTED_ERROR' || (await findByEmail()) !== undefined) return signIn();
  const reason = `the user that findLegacyUser returned cannot be kept: ${outcome?.reason}`;
  const known = found.externalUserId ? await getUser(found.externalUserId) : undefined;
  if (known === undefined) throw new Error(`LegacySignIn: ${reason}`);
  // By another email, or in another tenant: what the old system says of them does not count any more.
  new Logger('Latchkey').warn(logLine(`LegacySignIn: a sign-in is refused, since ${reason}`));
  return result;
}

async function signUpUnlessLegacy(
  { email, tenantId = PUBLIC_TENANT_ID, userContext }: SignUpInput,
  signUp: () => Promise<SignUpResult>,
  { users, findByEmail }: Calls,
): Promise<SignUpResult> {
  if (users.legacyEmailExists === undefined || (await findByEmail()) !== undefined) return signUp();
  const isTaken = await users.legacyEmailExists({ email, tenantId, userContext });
  return isTaken ? { status: 'EMAIL_ALREADY_EXISTS_ERROR' } : signUp();
}

function importedUser(user: LegacyUser, { email, password, tenantId }: FindLegacyUserInput) {
  const { externalUserId, emailVerified, userMetadata, timeJoinedMs, tenantIds = [], providerAccounts = [] } = user;
  const shared = { tenantIds: [...new Set([tenantId, ...tenantIds])], timeJoinedInMSSinceEpoch: timeJoinedMs };
  const byPassword = { recipeId: 'emailpassword', email, plainTextPassword: password, isVerified: emailVerified };
  const byProviders = providerAccounts.map((account) => ({
    ...shared,
    recipeId: 'thirdparty',
    thirdPartyId: account.thirdPartyId,
    thirdPartyUserId: account.thirdPartyUserId,
    email: account.email ?? email,
    isVerified: account.emailVerified,
  }));
  try {
    return readImportedUser({
      externalUserId,
      userMetadata,
      loginMethods: [{ ...shared, ...byPassword }, ...byProviders],
    });
  } catch (error) {
    // A mistake of the application, and not of the person who signs in.
    if (!(error instanceof BadInputError)) throw error;
    throw new Error(`LegacySignIn: findLegacyUser returned a user that cannot be kept: ${error.publicMessage}`, {
      cause: error,
    });
  }
}
