import { AuthTestClient } from 'latchkey/testing';
import type { Sample } from './running-sample.js';

/** The address that becomes an administrator where ADMIN_EMAIL is not set. */
export const ADMINISTRATOR = 'administrator@example.com';

/** Makes the account that the sample's ADMIN_EMAIL names, and confirms its address. @returns its session */
export async function signUpAdministrator(sample: Sample, password: string): Promise<AuthTestClient> {
  const client = new AuthTestClient({ url: sample.url });
  await client.signUp(ADMINISTRATOR, password);
  await client.auth('user/email/verify/token', {});
  const token = new URL(await sample.emailLink(ADMINISTRATOR)).searchParams.get('token');
  await client.auth('user/email/verify', { method: 'token', token });
  await client.refresh();
  return client;
}
