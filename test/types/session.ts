/* What sessions, guards and claims allow and forbid. Compiled by types.spec.ts and by `npm run check:types`, never run. */
import { Controller, Get, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import {
  AnyOf,
  AuthError,
  BooleanClaim,
  EmailPasswordFunctions,
  EmailVerificationClaim,
  getRequestFromUserContext,
  PrimitiveArrayClaim,
  PrimitiveClaim,
  Session,
  SessionContainer,
  SessionFunctions,
  SessionGuard,
  Sessions,
  SessionVerifier,
  isAuthError,
  isAuthRoute,
  type AuthErrorCode,
  type KnownAuthError,
  type BaseRequest,
  type SessionRequirements,
  type UserContext,
  type VerifySessionOptions,
} from 'latchkey';

const role = new PrimitiveClaim<string>({ key: 'role', fetchValue: () => 'reader' });
const groups = new PrimitiveArrayClaim<string>({ key: 'groups', fetchValue: async () => ['a'] });
const verified = new BooleanClaim({ key: 'verified', fetchValue: () => true });

// One decorator in its three places
@Controller()
@Session()
export class Guarded {
  @Get()
  @Session({ sessionRequired: false, antiCsrfCheck: true, checkDatabase: true })
  optional(@Session({ sessionRequired: false }) session: SessionContainer | undefined) {
    // @ts-expect-error there may be no session
    void session.getUserId();
    return session?.getUserId();
  }

  @Get('admin')
  @Session({ overrideGlobalClaimValidators: (global) => [...global, role.validators.hasValue('admin')] })
  admin(@Session() session: SessionContainer): string {
    return session.getUserId();
  }

  // @ts-expect-error a misspelt option
  @Session({ sessionRequred: false })
  misspelt() {}

  // @ts-expect-error not a boolean
  @Session({ checkDatabase: 'always' })
  wrongType() {}

  // @ts-expect-error validators are a list
  @Session({ overrideGlobalClaimValidators: () => role.validators.hasValue('admin') })
  noList() {}
}

export async function useSession(session: SessionContainer): Promise<void> {
  const payload = session.getAccessTokenPayload();
  void payload.role;
  // @ts-expect-error it is shared between requests: change it by mergeIntoAccessTokenPayload
  payload.role = 'admin';
  // @ts-expect-error nor may a claim be taken out of it
  delete payload.role;
  await session.mergeIntoAccessTokenPayload({ role: 'admin', old: null });
  // @ts-expect-error functions are not JSON
  await session.mergeIntoAccessTokenPayload({ role: () => 'admin' });
  // @ts-expect-error nor are dates
  await session.updateSessionDataInDatabase({ since: new Date() });

  await session.setClaimValue(role, 'reader');
  // @ts-expect-error the claim holds text
  await session.setClaimValue(role, 7);
  // @ts-expect-error the claim holds a list
  await session.setClaimValue(groups, 'a');
  const value: string | undefined = await session.getClaimValue(role);
  const flag: boolean | undefined = await session.getClaimValue(verified);
  // @ts-expect-error there may be no value
  const certain: string = await session.getClaimValue(role);
  void [value, flag, certain];

  await session.assertClaims([verified.validators.isTrue(60), groups.validators.includes('a')]);
  // @ts-expect-error a claim is no validator
  await session.assertClaims([verified]);

  await session.assertClaims([EmailVerificationClaim.validators.isVerified(10, 300)]);
  const isVerified: boolean | undefined = await session.getClaimValue(EmailVerificationClaim);
  // @ts-expect-error it is verified or it is not
  await session.setClaimValue(EmailVerificationClaim, 'yes');
  // @ts-expect-error only this claim knows of emails
  verified.validators.isVerified();
  void isVerified;
}

export async function useFunctions(functions: SessionFunctions, sessions: Sessions, passwords: EmailPasswordFunctions) {
  await functions.createNewSession({ userId: 'u', accessTokenPayload: { a: [1, { b: null }] } });
  // @ts-expect-error a user is needed
  await functions.createNewSession({ accessTokenPayload: {} });
  // @ts-expect-error an object of inputs
  await functions.revokeSession('handle');
  const session = await functions.getSession({ accessToken: 'x', options: { sessionRequired: false } });
  // @ts-expect-error there may be none
  session.getUserId();
  await sessions.createNewSession({}, {}, { userId: 'u', tenantId: 'public' });
  // @ts-expect-error the request and the response are needed
  await sessions.createNewSession({ userId: 'u' });

  const result = await passwords.signIn({ email: 'a@example.com', password: 'p' });
  // @ts-expect-error there is a user only with status OK
  void result.user;
  switch (result.status) {
    case 'OK':
      return result.user.id;
    case 'WRONG_CREDENTIALS_ERROR':
      return undefined;
    // @ts-expect-error sign-in has no such status
    case 'EMAIL_ALREADY_EXISTS_ERROR':
      return undefined;
  }
}

export const isOurs: boolean = isAuthRoute({ getClass: () => class {} as Type<never> });
// @ts-expect-error the context, not the request
isAuthRoute({ url: '/auth/signin' });

export async function useVerifier(verifier: SessionVerifier, context: ExecutionContext): Promise<string | undefined> {
  const session = await verifier.verify(context);
  // @ts-expect-error a public route has none
  session.getUserId();
  // @ts-expect-error a request has a response to which tokens are written
  await verifier.verify(context, { request: {} });
  const { isPublic, options }: SessionRequirements = verifier.requirementsOf(context);
  const isOptional: boolean = !isPublic && options.sessionRequired === false;
  return isOptional ? session?.getUserId() : undefined;
}

class KeyGuard implements CanActivate {
  constructor(readonly keys: Set<string>) {}
  canActivate(): Promise<boolean> {
    return Promise.resolve(this.keys.size > 0);
  }
}
export const sessionOrKey: Type<CanActivate> = AnyOf(SessionGuard, AnyOf(KeyGuard));
// @ts-expect-error nobody could pass
AnyOf();
// @ts-expect-error Nest makes it of its class
AnyOf(SessionGuard, new KeyGuard(new Set()));
// @ts-expect-error no guard
AnyOf(Sessions);

export function useContext(userContext: UserContext | undefined): BaseRequest | undefined {
  const request = getRequestFromUserContext(userContext);
  // @ts-expect-error there may be no request
  request.getMethod();
  return request;
}

// @ts-expect-error no such option
export const unknownOption: VerifySessionOptions = { required: true };
// @ts-expect-error no such code
export const unknownCode: AuthErrorCode = 'FORBIDDEN';
// @ts-expect-error no such code
export const wrongError = new AuthError('FORBIDDEN', 'no');

// Errors are told apart by their code
export function describe(error: KnownAuthError): string {
  switch (error.code) {
    case 'INVALID_CLAIMS':
      return error.claimValidationErrors.map(({ id }) => id).join();
    case 'TOKEN_THEFT_DETECTED':
      return error.sessionHandle;
    case 'BAD_INPUT':
      // @ts-expect-error a bad input has no session
      return error.sessionHandle;
    default:
      return error.publicMessage;
  }
}

// and each code has its class
export const everyCode: AuthErrorCode = 'BAD_INPUT' as KnownAuthError['code'];
export const everyClass: KnownAuthError['code'] = 'BAD_INPUT' as AuthErrorCode;
export const caught = (error: unknown) => (isAuthError(error) ? describe(error) : undefined);
