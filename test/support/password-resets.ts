import { EmailQueue } from 'latchkey';
import { formFields, type AuthTestClient } from 'latchkey/testing';
import type { EmailPasswordApp } from './email-password-app.js';

export const RESET_OK = { status: 'OK' };
export const INVALID_TOKEN = { status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' };

export function askForReset(client: AuthTestClient, email: string): Promise<Response> {
  return client.auth('user/password/reset/token', formFields({ email }));
}

export function resetPassword(client: AuthTestClient, token: unknown, password: string): Promise<Response> {
  return client.auth('user/password/reset', { method: 'token', token, ...formFields({ password }) });
}

/** Asks for a reset and waits for the email. @returns the token in its link */
export async function requestResetToken({ app, client, emails }: EmailPasswordApp, email: string): Promise<string> {
  const known = emails.passwordResets.length;
  await askForReset(client(), email);
  for (;;) {
    await emails.nextPasswordReset(email);
    // From then on the link is in the email alone.
    await app.get(EmailQueue).idle();
    const fresh = emails.passwordResets.slice(known).findLast(({ user }) => user.email === email);
    if (fresh !== undefined) return tokenOf(fresh.passwordResetLink);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function tokenOf(link: string): string {
  return new URL(link).searchParams.get('token')!;
}
