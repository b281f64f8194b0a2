import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Core, PUBLIC_TENANT_ID } from '../core/core.js';
import { EmailPasswordCore } from '../core/email-password.core.js';
import type { NewAccessTokenPayload } from '../claims/access-token-payload.js';
import type { JsonObject } from '../core/json.types.js';
import { UserImportCore } from '../core/user-import.core.js';
import { createExchange } from '../http/detached.response.js';
import { wrapRequest } from '../http/framework.js';
import { SessionFunctions } from '../recipes/session/index.js';
import { TokenNames } from '../recipes/session/token-names.js';
import { Users } from '../users/users.js';

/** What a user and a session for a test are like. */
export interface SignInOptions {
  /** @default 'public' */
  tenantId?: string;
  /** Custom claims of the access token, such as `RoleClaim.addToPayload({}, ['admin'])`. */
  payload?: NewAccessTokenPayload;
  /** What the application keeps with the session. */
  sessionDataInDatabase?: JsonObject;
  /** Of a user that is made now. With the Session recipe's own core only, not one over HTTP. @default true */
  isEmailVerified?: boolean;
}

/** Somebody who is signed in, and what their requests carry. */
export interface SignedIn {
  userId: string;
  recipeUserId: string;
  sessionHandle: string;
  accessToken: string;
  refreshToken: string;
  /** For clients that keep their tokens themselves: `{ authorization }`. */
  headers: { authorization: string };
  /** As a browser sends it: `{ cookie, rid }`, and the anti-CSRF token where the application asks for it. */
  cookies: { cookie: string; rid: string; 'anti-csrf'?: string };
}

/**
 * Somebody with this email, signed in: the user who has it already, or a new one whose password nobody knows. Nothing is
 * hashed and no request is sent, and overrides of `SessionFunctions` and claims are called as by a sign-in.
 *
 * ```ts
 * const ann = await signIn(app, 'ann@example.com');
 * await request(app.getHttpServer()).get('/me').set(ann.headers).expect(200);
 * ```
 *
 * @param app the application, or the module that a test has compiled and initialised
 * @throws {Error} the email or the tenant cannot be signed in with, and why
 */
export async function signIn(
  app: Pick<INestApplicationContext, 'get'>,
  email: string,
  options: SignInOptions = {},
): Promise<SignedIn> {
  const { tenantId = PUBLIC_TENANT_ID, payload, sessionDataInDatabase } = options;
  const ids = (await findUser(app, email, tenantId)) ?? (await makeUser(app, email, tenantId, options));
  const sessions = app.get(SessionFunctions, { strict: false });
  const session = await sessions.createNewSession({
    ...ids,
    tenantId,
    accessTokenPayload: payload,
    sessionDataInDatabase,
    userContext: {},
  });
  const { accessToken, refreshToken, antiCsrfToken } = session.getAllSessionTokensDangerously();
  const names = app.get(TokenNames, { strict: false });
  const request = wrapRequest(createExchange({ headers: {} }).request);
  const cookie = `${names.cookie('access', request)}=${accessToken}; ${names.cookie('refresh', request)}=${refreshToken}`;
  return {
    ...ids,
    sessionHandle: session.getHandle(),
    accessToken,
    refreshToken: refreshToken!,
    headers: { authorization: `Bearer ${accessToken}` },
    cookies: { cookie, rid: 'session', ...(antiCsrfToken === undefined ? {} : { 'anti-csrf': antiCsrfToken }) },
  };
}

interface Ids {
  userId: string;
  recipeUserId: string;
}

async function findUser(
  app: Pick<INestApplicationContext, 'get'>,
  email: string,
  tenantId: string,
): Promise<Ids | undefined> {
  const [user] = await app.get(Users, { strict: false }).listUsersByAccountInfo({ email }, tenantId);
  return user === undefined ? undefined : idsOf(user, tenantId);
}

function idsOf(user: Awaited<ReturnType<Users['listUsersByAccountInfo']>>[number], tenantId: string): Ids {
  const method = user.loginMethods.find(({ tenantIds }) => tenantIds.includes(tenantId));
  return { userId: user.id, recipeUserId: method?.recipeUserId ?? user.id };
}

async function makeUser(
  app: Pick<INestApplicationContext, 'get'>,
  email: string,
  tenantId: string,
  { isEmailVerified = true }: SignInOptions,
): Promise<Ids> {
  const core = app.get(Core, { strict: false });
  const passwordHash = hashOfNoPassword();
  if (!core.offers(UserImportCore)) {
    const imported = await core.port(EmailPasswordCore).importUserWithPasswordHash({ tenantId, email, passwordHash });
    return { userId: imported.user.id, recipeUserId: imported.recipeUserId };
  }
  const loginMethod = { recipeId: 'emailpassword' as const, tenantIds: [tenantId], email, passwordHash };
  const [result] = await core
    .port(UserImportCore)
    .importUsers([{ loginMethods: [{ ...loginMethod, isVerified: isEmailVerified }] }]);
  if (result?.status === 'OK') return { userId: result.userId, recipeUserId: result.loginMethods[0]!.recipeUserId };
  const reason = result?.status === 'REFUSED_ERROR' ? result.reason : result?.status;
  throw new Error(`signIn: ${JSON.stringify(email)} cannot be signed in: ${reason}`);
}

/** In the form of argon2, with a digest that is random: no password has it. */
function hashOfNoPassword(): string {
  const [salt, digest] = [16, 32].map((length) => randomBytes(length).toString('base64').replaceAll('=', ''));
  return `$argon2id$v=19$m=8,t=1,p=1$${salt}$${digest}`;
}
