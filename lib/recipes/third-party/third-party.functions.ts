import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { Core, PUBLIC_TENANT_ID } from '../../core/core.js';
import { logLine } from '../../core/log-line.js';
import {
  type IdentitySignInUpResult,
  ThirdPartyCore,
  type ThirdPartySignInUpResult,
} from '../../core/third-party.core.js';
import { hasLoginMethod, UsersCore, type User } from '../../core/users.core.js';
import type { UserContext } from '../../http/user-context.js';
import { EmailVerificationFunctions } from '../email-verification/index.js';
import type { Provider } from './providers/provider.js';
import { Providers } from './providers/providers.js';
import type { OAuthTokens, RawUserInfo } from './providers/provider.types.js';

interface WithTenant {
  /** @default 'public' */
  tenantId?: string;
  userContext?: UserContext;
}

/** The input of `ThirdPartyFunctions.manuallyCreateOrUpdateUser`. */
export interface ManuallyCreateOrUpdateUserInput extends WithTenant {
  thirdPartyId: string;
  thirdPartyUserId: string;
  email: string;
  /** Whether the provider says that the email belongs to the user. */
  isVerified: boolean;
  /** Who vouches for `thirdPartyUserId`. An account that another issuer has vouched for is refused. @default nothing is compared */
  issuer?: string;
  /** Issuers whose accounts move to `issuer`. @default [] */
  formerIssuers?: readonly string[];
}

/** The input of `ThirdPartyFunctions.signInUp`. */
export interface ThirdPartySignInUpFunctionInput extends ManuallyCreateOrUpdateUserInput {
  oAuthTokens: OAuthTokens;
  rawUserInfoFromProvider: RawUserInfo;
}

/** The outcome of `ThirdPartyFunctions.signInUp`. */
export type ThirdPartySignInUpFunctionResult =
  | {
      status: 'OK';
      createdNewRecipeUser: boolean;
      user: User;
      recipeUserId: string;
      oAuthTokens: OAuthTokens;
      rawUserInfoFromProvider: RawUserInfo;
    }
  | { status: 'SIGN_IN_UP_NOT_ALLOWED'; reason: string };

/** The outcome of `ThirdPartyFunctions.manuallyCreateOrUpdateUser`. */
export type ManuallyCreateOrUpdateUserResult =
  ThirdPartySignInUpResult | { status: 'SIGN_IN_UP_NOT_ALLOWED'; reason: string };

/** The input of `ThirdPartyFunctions.getUserById`. */
export interface GetThirdPartyUserByIdInput {
  userId: string;
  userContext?: UserContext;
}

/** The input of `ThirdPartyFunctions.getUsersByEmail`. */
export interface GetUsersByEmailInput extends WithTenant {
  email: string;
}

/** The input of `ThirdPartyFunctions.getUserByThirdPartyInfo`. */
export interface GetUserByThirdPartyInfoInput extends WithTenant {
  thirdPartyId: string;
  thirdPartyUserId: string;
}

/** The input of `ThirdPartyFunctions.getProvider`. */
export interface GetProviderInput extends WithTenant {
  thirdPartyId: string;
  /** As in `clients` of the provider. */
  clientType?: string;
}

/** The input of `ThirdPartyFunctions.listProviders`. */
export type ListProvidersInput = Omit<GetProviderInput, 'thirdPartyId'>;

/** What the ThirdParty recipe can do, without a request. Override any of it by a subclass. */
@Injectable()
export class ThirdPartyFunctions {
  @Inject(Core) protected readonly core!: Core;
  @Inject(ThirdPartyCore) protected readonly thirdPartyCore!: ThirdPartyCore;
  @Inject(UsersCore) protected readonly usersCore!: UsersCore;
  @Inject(Providers) protected readonly providers!: Providers;
  @Optional() @Inject(EmailVerificationFunctions) protected readonly emailVerification?: EmailVerificationFunctions;

  /** Signs in the user of an identity that a provider has vouched for, making the user where there is none. */
  async signInUp(input: ThirdPartySignInUpFunctionInput): Promise<ThirdPartySignInUpFunctionResult> {
    const { oAuthTokens, rawUserInfoFromProvider, ...identity } = input;
    const result = await this.manuallyCreateOrUpdateUser(identity);
    if (result.status === 'OK') return { ...result, oAuthTokens, rawUserInfoFromProvider };
    return { status: 'SIGN_IN_UP_NOT_ALLOWED', reason: result.reason };
  }

  /** As `signInUp`, for an identity that the application vouches for itself, as when it moves users here. */
  async manuallyCreateOrUpdateUser(input: ManuallyCreateOrUpdateUserInput): Promise<ManuallyCreateOrUpdateUserResult> {
    const { tenantId = PUBLIC_TENANT_ID, thirdPartyId, thirdPartyUserId, email, isVerified } = input;
    const { issuer, formerIssuers } = input;
    const identity = { tenantId, thirdPartyId, thirdPartyUserId, email, issuer, formerIssuers };
    if (this.emailVerification === undefined) {
      return refuseOtherIssuer(await this.thirdPartyCore.signInUp({ ...identity, isVerified }), input);
    }
    return this.core.transaction(async () => {
      // Verified through the other recipe, so that its overrides see it.
      const result = refuseOtherIssuer(await this.thirdPartyCore.signInUp({ ...identity, isVerified: false }), input);
      if (result.status !== 'OK' || !isVerified) return result;
      return { ...result, user: await this.withVerifiedEmail(result, input) };
    });
  }

  /** Finds a user by its id or by the id of one of its login methods. */
  async getUserById({ userId }: GetThirdPartyUserByIdInput): Promise<User | undefined> {
    return this.usersCore.getUser(userId);
  }

  /** @returns the users who sign in with that email at some provider; there may be one for each */
  async getUsersByEmail({ tenantId = PUBLIC_TENANT_ID, email }: GetUsersByEmailInput): Promise<User[]> {
    const users = await this.usersCore.listUsersByAccountInfo({ tenantId, accountInfo: { email } });
    return users.filter((user) => hasLoginMethod(user, { recipeId: 'thirdparty', email, tenantId }));
  }

  /** Finds the user that has this id at a provider. */
  async getUserByThirdPartyInfo(input: GetUserByThirdPartyInfoInput): Promise<User | undefined> {
    const { tenantId = PUBLIC_TENANT_ID, thirdPartyId, thirdPartyUserId } = input;
    const thirdParty = { id: thirdPartyId, userId: thirdPartyUserId };
    const [user] = await this.usersCore.listUsersByAccountInfo({ tenantId, accountInfo: { thirdParty } });
    return user;
  }

  /**
   * A provider as the tenant and the kind of client have it configured.
   * @returns undefined where there is none of that id
   * @throws {BadInputError} there is one, but not for that `clientType`
   */
  async getProvider(input: GetProviderInput): Promise<Provider | undefined> {
    const { tenantId = PUBLIC_TENANT_ID, thirdPartyId, clientType } = input;
    const fromCore = await this.thirdPartyCore.listThirdPartyConfigs(tenantId);
    return this.providers.find({ thirdPartyId, clientType, tenantId, fromCore });
  }

  /** Every provider that the tenant offers to that kind of client. */
  async listProviders(input: ListProvidersInput): Promise<Provider[]> {
    const { tenantId = PUBLIC_TENANT_ID, clientType } = input;
    const fromCore = await this.thirdPartyCore.listThirdPartyConfigs(tenantId);
    return this.providers.list({ clientType, tenantId, fromCore });
  }

  /** The email as it is stored, which is how a token for it is made. */
  private async withVerifiedEmail(
    { user, recipeUserId }: { user: User; recipeUserId: string },
    { tenantId, userContext }: WithTenant,
  ): Promise<User> {
    const method = user.loginMethods.find((each) => each.recipeUserId === recipeUserId);
    if (method?.email === undefined || method.verified) return user;
    const { email } = method;
    const created = await this.emailVerification!.createEmailVerificationToken({
      recipeUserId,
      email,
      tenantId,
      userContext,
    });
    if (created.status === 'OK') {
      await this.emailVerification!.verifyEmailUsingToken({ token: created.token, tenantId, userContext });
    }
    return (await this.usersCore.getUser(user.id)) ?? user;
  }
}

/** The user is not told whose account it is; the log is told how to go on, if the provider has moved. */
function refuseOtherIssuer(
  result: IdentitySignInUpResult,
  { thirdPartyId, issuer }: ManuallyCreateOrUpdateUserInput,
): ManuallyCreateOrUpdateUserResult {
  if (result.status !== 'OTHER_ISSUER_ERROR') return result;
  new Logger('Latchkey').warn(
    logLine(
      `provider ${thirdPartyId}: a sign-in by ${issuer} names a user of ${result.issuer}, and is refused. If these are the same ` +
        `users, as after a move, list ${result.issuer} in formerIssuers of the provider`,
    ),
  );
  return {
    status: 'SIGN_IN_UP_NOT_ALLOWED',
    reason: 'This account belongs to another issuer. Please contact support.',
  };
}
