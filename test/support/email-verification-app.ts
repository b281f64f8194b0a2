import { EmailPasswordRecipe, EmailVerificationRecipe, SessionRecipe, type JsonObject } from 'latchkey';
import type { AuthTestClient } from 'latchkey/testing';
import { newEmail, PASSWORD } from './auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp, type EmailPasswordAppOptions } from './email-password-app.js';
import type { Framework } from './frameworks.js';

export const OK = { status: 'OK' };
export const INVALID_TOKEN = { status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR' };
export const ALREADY_VERIFIED = { status: 'EMAIL_ALREADY_VERIFIED_ERROR' };
export const UNVERIFIED = {
  message: 'invalid claim',
  claimValidationErrors: [{ id: 'st-ev', reason: { message: 'wrong value', expectedValue: true, actualValue: false } }],
};

export interface EmailVerificationAppOptions extends EmailPasswordAppOptions {
  emailVerification?: Partial<Parameters<typeof EmailVerificationRecipe.init>[0]>;
}

/** Where every guarded route asks for a verified email, unless told otherwise, and links work without a session. */
export function startEmailVerificationApp(
  framework: Framework,
  { emailVerification, session, emailPassword, ...options }: EmailVerificationAppOptions = {},
): Promise<EmailPasswordApp> {
  const recipeList = [
    SessionRecipe.init(session),
    EmailPasswordRecipe.init(emailPassword),
    EmailVerificationRecipe.init({ mode: 'REQUIRED', linkNeedsSession: false, ...emailVerification }),
  ];
  return startEmailPasswordApp(framework, { ...options, auth: { recipeList, ...options.auth } });
}

export interface SignedUp {
  client: AuthTestClient;
  email: string;
  userId: string;
}

/** @param transferMethod how the client's tokens travel */
export async function signUp(
  app: EmailPasswordApp,
  email = newEmail(),
  transferMethod: 'header' | 'cookie' = 'header',
): Promise<SignedUp> {
  const client = app.client({ transferMethod });
  const answer = (await (await client.signUp(email, PASSWORD)).json()) as { status: string; user: { id: string } };
  if (answer.status !== 'OK') throw new Error(answer.status);
  return { client, email, userId: answer.user.id };
}

export const askForLink = (client: AuthTestClient) => client.auth('user/email/verify/token', {});
export const verify = (client: AuthTestClient, token: unknown, tenant = '') =>
  client.auth(`${tenant}user/email/verify`, { method: 'token', token });
export const isVerified = (client: AuthTestClient) => client.get('/auth/user/email/verify');

/** Asks for a link and waits for the email. */
export async function requestLink(app: EmailPasswordApp, { client, email }: SignedUp): Promise<URL> {
  const known = app.emails.emailVerifications.length;
  const answer = (await (await askForLink(client)).json()) as { status: string };
  if (answer.status !== 'OK') throw new Error(answer.status);
  for (;;) {
    await app.emails.nextEmailVerification(email);
    const fresh = app.emails.emailVerifications.slice(known).findLast(({ user }) => user.email === email);
    if (fresh !== undefined) return new URL(fresh.emailVerifyLink);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function requestToken(app: EmailPasswordApp, user: SignedUp): Promise<string> {
  return (await requestLink(app, user)).searchParams.get('token')!;
}

/** The claim in the access token that a client of header mode holds. */
export function claimOf({ tokens }: AuthTestClient): { v: boolean; t: number } | undefined {
  const [, payload] = tokens.accessToken!.split('.');
  const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as JsonObject;
  return claims['st-ev'] as unknown as { v: boolean; t: number } | undefined;
}
