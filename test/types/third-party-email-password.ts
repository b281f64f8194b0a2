/* The unions of the combined recipe's signInUpPOST. Compiled by types.spec.ts and by `npm run check:types`, never run. */
import {
  DISABLED,
  generalError,
  ThirdPartyEmailPasswordApi,
  ThirdPartyEmailPasswordFunctions,
  ThirdPartyEmailPasswordRecipe,
  type EmailPasswordAPIOptions,
  type SignInUpAPIInput,
  type SignInUpAPIOutput,
  type ThirdPartyAPIOptions,
  type TypeProvider,
  type User,
} from 'latchkey';

// An override reads the two arms of the input, each with what it has.
export class EveryWayIn extends ThirdPartyEmailPasswordApi {
  override async signInUpPOST(input: SignInUpAPIInput): Promise<SignInUpAPIOutput> {
    if (input.type === 'emailpassword') {
      const isSignIn: boolean = input.isSignIn;
      const formFields: { id: string; value: string }[] = input.formFields;
      const options: EmailPasswordAPIOptions = input.options;
      // @ts-expect-error only the other arm has a provider
      void input.provider;
      void [isSignIn, formFields, options];
    } else {
      const provider: TypeProvider = input.provider;
      const code: string = input.code;
      const redirectURI: string = input.redirectURI;
      const options: ThirdPartyAPIOptions = input.options;
      // @ts-expect-error only the other arm has fields
      void input.formFields;
      void [provider, code, redirectURI, options];
    }
    const output = await super.signInUpPOST(input);
    if (output.status === 'OK') {
      const user: User = output.user;
      const createdNewUser: boolean = output.createdNewUser;
      if (output.type === 'thirdparty') void output.authCodeResponse.access_token;
      // @ts-expect-error only who comes from a provider brings tokens
      if (output.type === 'emailpassword') void output.authCodeResponse;
      void [user, createdNewUser];
    }
    return output;
  }
}

/** Every answer there is. */
export const answers = (user: User): SignInUpAPIOutput[] => [
  { type: 'emailpassword', status: 'OK', user, createdNewUser: true },
  { type: 'emailpassword', status: 'WRONG_CREDENTIALS_ERROR' },
  { type: 'emailpassword', status: 'EMAIL_ALREADY_EXISTS_ERROR' },
  { type: 'thirdparty', status: 'OK', user, createdNewUser: false, authCodeResponse: { anything: 1 } },
  { type: 'thirdparty', status: 'NO_EMAIL_GIVEN_BY_PROVIDER' },
  { type: 'thirdparty', status: 'FIELD_ERROR', error: 'No.' },
  generalError('Closed.'),
  // @ts-expect-error a provider knows no password
  { type: 'thirdparty', status: 'WRONG_CREDENTIALS_ERROR' },
  // @ts-expect-error a password asks nobody for an email
  { type: 'emailpassword', status: 'NO_EMAIL_GIVEN_BY_PROVIDER' },
  // @ts-expect-error OK says whether the user is new
  { type: 'emailpassword', status: 'OK', user },
];

export class NoWayIn extends ThirdPartyEmailPasswordApi {
  override signInUpPOST = DISABLED;
}

export class Audited extends ThirdPartyEmailPasswordFunctions {
  override async emailPasswordSignIn(input: Parameters<ThirdPartyEmailPasswordFunctions['emailPasswordSignIn']>[0]) {
    void input.password;
    return super.emailPasswordSignIn(input);
  }
}

ThirdPartyEmailPasswordRecipe.init({
  signUpFeature: { formFields: [{ id: 'name' }] },
  providers: [{ thirdPartyId: 'google', clients: [{ clientId: 'id', clientSecret: 'secret' }] }],
  override: { apis: EveryWayIn, functions: Audited },
});
// @ts-expect-error the functions of a part are no functions of the whole
ThirdPartyEmailPasswordRecipe.init({ override: { functions: EveryWayIn } });
