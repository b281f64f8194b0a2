/* What overriding allows and forbids. Compiled by types.spec.ts and by `npm run check:types`, never run. */
import { Inject, Injectable } from '@nestjs/common';
import {
  DISABLED,
  EmailPasswordApi,
  EmailPasswordFunctions,
  EmailPasswordRecipe,
  EmailVerificationApi,
  EmailVerificationFunctions,
  EmailVerificationRecipe,
  generalError,
  LegacySignIn,
  SessionApi,
  SessionFunctions,
  SessionRecipe,
  type Constructor,
  type EmailExistsGETInput,
  type FindLegacyUserInput,
  type Mixin,
  type Override,
  type SignInInput,
  type SignUpInput,
  type SignUpPOSTInput,
  type SignUpPOSTResponse,
  type VerifyEmailPOSTInput,
  type VerifyEmailUsingTokenInput,
  type VerifySessionInput,
} from 'latchkey';

class Invites {
  async has(_email: string): Promise<boolean> {
    return true;
  }
}

// A subclass with dependencies of its own, in the constructor and as properties.
@Injectable()
export class InviteOnly extends EmailPasswordApi {
  @Inject(SessionFunctions) private readonly ownSessions!: SessionFunctions;

  constructor(private readonly invites: Invites) {
    super();
  }

  override async signUpPOST(input: SignUpPOSTInput) {
    const email = input.formFields.find((field) => field.id === 'email')!.value;
    if (!(await this.invites.has(email))) return generalError('No invitation.');
    await this.ownSessions.getAccessTokenLifeTimeMS();
    const { config, recipeImplementation, recipeId, isInServerlessEnv, req, res } = input.options;
    const fields: string[] = config.signUpFormFields.map(({ id }) => id);
    const user = await recipeImplementation.getUserByEmail({ email });
    res.setHeader('x', `${fields} ${recipeId} ${isInServerlessEnv} ${user?.id} ${req.getMethod()}`, false);
    // @ts-expect-error the config is that of this recipe
    void config.antiCsrf;
    return super.signUpPOST(input);
  }

  override emailExistsGET = DISABLED;
}

export class NamedResults extends EmailPasswordApi {
  override async signUpPOST(input: SignUpPOSTInput): Promise<SignUpPOSTResponse> {
    const result = await super.signUpPOST(input);
    // @ts-expect-error there is a user only with status OK
    void result.user;
    if (result.status === 'OK') void result.user.emails;
    return result;
  }
}

export class WrongInput extends EmailPasswordApi {
  // @ts-expect-error formFields is a list
  override async signUpPOST(_input: { formFields: { email: string } }) {
    return generalError('');
  }
}

export class WrongStatus extends EmailPasswordApi {
  // @ts-expect-error no answer of sign-up has that status
  override async signUpPOST(_input: SignUpPOSTInput) {
    return { status: 'NOPE' as const };
  }
}

export class Incomplete extends EmailPasswordApi {
  // @ts-expect-error OK needs exists
  override async emailExistsGET(_input: EmailExistsGETInput) {
    return { status: 'OK' as const };
  }
}

export class NothingReturned extends EmailPasswordFunctions {
  // @ts-expect-error a result is needed
  override async signUp(_input: SignUpInput) {}
}

export class NotAsync extends EmailPasswordFunctions {
  // @ts-expect-error a promise is needed
  override signIn(_input: SignInInput) {
    return { status: 'WRONG_CREDENTIALS_ERROR' as const };
  }
}

export class Misspelt extends EmailPasswordApi {
  // @ts-expect-error overrides nothing
  override async signUpPost(_input: SignUpPOSTInput) {}
}

export class NoOverrideWritten extends EmailPasswordApi {
  // @ts-expect-error override must be written (noImplicitOverride)
  async signUpPOST(input: SignUpPOSTInput) {
    return super.signUpPOST(input);
  }
}

// What is disabled cannot be called by super, nor brought back by mistake.
export class NoSignUp extends EmailPasswordApi {
  override signUpPOST = DISABLED;
}
export class CallsDisabled extends NoSignUp {
  // @ts-expect-error a method cannot take the place of what is disabled
  override async signUpPOST(input: SignUpPOSTInput) {
    // @ts-expect-error it is never
    return super.signUpPOST(input);
  }
}
export class CallsDisabledElsewhere extends NoSignUp {
  callIt(input: SignUpPOSTInput) {
    // @ts-expect-error it is never
    return this.signUpPOST(input);
  }
}

// verifySession may return nothing.
export class OwnVerification extends SessionApi {
  override async verifySession({ options, verifySessionOptions }: VerifySessionInput) {
    if (verifySessionOptions?.sessionRequired === false) return undefined;
    options.res.sendJSONResponse({});
    return undefined;
  }
}

// Mixins
export function audited<B extends Constructor<EmailPasswordFunctions>>(Base: B): B {
  class Audited extends Base {
    @Inject(Invites) readonly auditedInvites!: Invites;

    override async signIn(input: SignInInput) {
      return super.signIn(input);
    }
  }
  return Audited;
}
class Unrelated {
  async signIn() {}
}
// @ts-expect-error does not extend its argument
export const notExtending: Mixin<EmailPasswordFunctions> = () => Unrelated;
// @ts-expect-error returns nothing
export const nothing: Mixin<EmailPasswordFunctions> = (_Base) => {};

// Every form of override
export const forms: Override<EmailPasswordFunctions>[] = [
  class extends EmailPasswordFunctions {},
  { useClass: class extends EmailPasswordFunctions {} },
  { useExisting: 'token' },
  { useFactory: () => new EmailPasswordFunctions() },
  { useFactory: async (_invites: Invites, _text: string) => new EmailPasswordFunctions(), inject: [Invites, 'text'] },
  [audited, (Base) => class extends Base {}],
];

EmailPasswordRecipe.init({ override: { apis: InviteOnly, functions: [audited] } });
// @ts-expect-error a class of the other layer
EmailPasswordRecipe.init({ override: { apis: SessionFunctions } });
// @ts-expect-error a class of another recipe
SessionRecipe.init({ override: { functions: EmailPasswordFunctions } });
// @ts-expect-error a class that does not extend
EmailPasswordRecipe.init({ override: { apis: Unrelated } });
// @ts-expect-error a class that does not extend, by useClass
EmailPasswordRecipe.init({ override: { functions: { useClass: Unrelated } } });
// @ts-expect-error a factory of something else
EmailPasswordRecipe.init({ override: { functions: { useFactory: () => new Unrelated() } } });
// @ts-expect-error a closure over the original implementation
EmailPasswordRecipe.init({ override: { functions: (original: EmailPasswordFunctions) => ({ ...original }) } });
// @ts-expect-error useValue is not one of the forms
EmailPasswordRecipe.init({ override: { functions: { useValue: new EmailPasswordFunctions() } } });
// @ts-expect-error neither apis nor functions
EmailPasswordRecipe.init({ override: { api: InviteOnly } });

export class Welcome extends EmailVerificationApi {
  override async verifyEmailPOST(input: VerifyEmailPOSTInput) {
    const mode: 'REQUIRED' | 'OPTIONAL' = input.options.config.mode;
    const result = await super.verifyEmailPOST(input);
    // @ts-expect-error there is a user only with status OK
    void result.user;
    return result.status === 'OK' && mode === 'REQUIRED' ? generalError(`Hello ${result.user.email}`) : result;
  }

  override isEmailVerifiedGET = DISABLED;
}

export class WrongVerification extends EmailVerificationFunctions {
  // @ts-expect-error the email is missing
  override async verifyEmailUsingToken(_input: VerifyEmailUsingTokenInput) {
    return { status: 'OK' as const, user: { recipeUserId: 'u' } };
  }
}

EmailVerificationRecipe.init({ mode: 'REQUIRED', override: { apis: Welcome } });
// @ts-expect-error an API class instead of the functions
EmailVerificationRecipe.init({ mode: 'REQUIRED', override: { functions: Welcome } });

// A mixin that is extended, with dependencies of the application.
@Injectable()
export class MovedUsers extends LegacySignIn(EmailPasswordFunctions) {
  constructor(private readonly invites: Invites) {
    super();
  }

  override async findLegacyUser({ email }: FindLegacyUserInput) {
    return (await this.invites.has(email)) ? { externalUserId: email } : undefined;
  }
}
export class MovedWrongly extends LegacySignIn(EmailPasswordFunctions) {
  // @ts-expect-error a user without the known members
  override async findLegacyUser() {
    return { name: 7, externalUserId: 7 };
  }
}
EmailPasswordRecipe.init({ override: { functions: MovedUsers } });
const withOldUsers: Mixin<EmailPasswordFunctions> = (Base) => {
  class WithOldUsers extends Base {
    async findLegacyUser() {
      return undefined;
    }
  }
  return WithOldUsers;
};
EmailPasswordRecipe.init({ override: { functions: [LegacySignIn, withOldUsers] } });
// @ts-expect-error it extends functions of a recipe that has passwords
LegacySignIn(SessionFunctions);
