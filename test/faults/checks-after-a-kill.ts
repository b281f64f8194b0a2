import { expect } from '@jest/globals';
import type { Core } from '../../lib/core/core.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { SqlAuthDatabase } from '../../lib/core/embedded/storage/sql-auth-database.js';
import { SessionsCore } from '../../lib/core/sessions.core.js';
import type { Lane, Step } from '../support/killed-process.js';

const tenantId = 'public';

/** The ids in every table that a sign-up writes to, sorted: one list like the other, or there is half an account. */
export async function accountTables(core: Core): Promise<string[][]> {
  const db = await core.port(SqlAuthDatabase).tables();
  const queries = [
    db.selectFrom('latchkey_users').select('user_id as id'),
    db.selectFrom('latchkey_user_tenants').select('user_id as id'),
    db.selectFrom('latchkey_login_methods').select('user_id as id'),
    db.selectFrom('latchkey_login_methods').select('recipe_user_id as id'),
    db.selectFrom('latchkey_login_method_tenants').select('recipe_user_id as id'),
    db.selectFrom('latchkey_password_credentials').select('recipe_user_id as id'),
  ];
  return Promise.all(queries.map(async (query) => (await query.execute()).map(({ id }) => id).sort()));
}

/** What was answered OK signs in; what was cut off is there as a whole, or may be signed up again. */
export async function checkSignUps(core: Core, lanes: Lane[]): Promise<void> {
  const emailPassword = core.port(EmailPasswordCore);
  const statuses = await Promise.all(
    lanes.flatMap(({ answered }) => answered).map((account) => signInStatus(core, account)),
  );
  expect(statuses.filter((status) => status !== 'OK')).toEqual([]);

  for (const { cutOff } of lanes) {
    if (cutOff === undefined) continue;
    const isThere = (await signInStatus(core, cutOff)) === 'OK';
    const { email = '', password = '' } = cutOff;
    const { status } = await emailPassword.signUp({ tenantId, email, password });
    expect(status).toBe(isThere ? 'EMAIL_ALREADY_EXISTS_ERROR' : 'OK');
    expect(await signInStatus(core, cutOff)).toBe('OK');
  }
}

/** The last token that a client has got goes on, whether or not it was sent already; those before it do not. */
export async function checkRefreshes(core: Core, lanes: Lane[]): Promise<void> {
  const sessions = core.port(SessionsCore);
  const settings = { useDynamicSigningKey: true, enableAntiCsrf: false };
  const refresh = (refreshToken: string) => sessions.refreshSession({ ...settings, refreshToken });
  const mustRefresh = async (refreshToken: string) => {
    const result = await refresh(refreshToken);
    if (result.status !== 'OK') throw new Error(`A token that was answered OK is refused: ${JSON.stringify(result)}`);
    return result;
  };

  for (const { answered } of lanes) {
    const tokens = answered.map(({ token = '' }) => token);
    const next = await mustRefresh(tokens.at(-1)!);
    const { refreshToken, accessToken } = await mustRefresh(next.refreshToken.token);
    const verified = await sessions.verifySession({
      accessToken: accessToken.token,
      checkAntiCsrf: false,
      checkDatabase: true,
      useDynamicSigningKey: true,
    });
    expect(verified.status).toBe('OK');
    expect(new Set([...tokens, next.refreshToken.token, refreshToken.token]).size).toBe(tokens.length + 2);
    const spent = await Promise.all(tokens.map(async (token) => (await refresh(token)).status));
    expect(new Set(spent)).toEqual(new Set(['TOKEN_THEFT_DETECTED']));
  }
}

/** The newest password that was answered OK, or the one that was cut off, is the only one; no token works twice. */
export async function checkResets(core: Core, lanes: Lane[]): Promise<void> {
  for (const { answered, cutOff } of lanes) {
    const last = answered.at(-1)!;
    for (const earlier of answered.slice(0, -1)) {
      expect(await signInStatus(core, earlier)).toBe('WRONG_CREDENTIALS_ERROR');
    }
    // The first one is the sign-up.
    for (const spent of answered.slice(1)) await expectSpent(core, spent);

    const works = await signInStatus(core, last);
    if (cutOff === undefined) {
      expect(works).toBe('OK');
      continue;
    }
    const isReset = (await signInStatus(core, cutOff)) === 'OK';
    expect(works).toBe(isReset ? 'WRONG_CREDENTIALS_ERROR' : 'OK');
    if (!isReset) {
      expect(await resetStatus(core, cutOff.token)).toBe('OK');
      expect(await signInStatus(core, last)).toBe('WRONG_CREDENTIALS_ERROR');
    }
    await expectSpent(core, cutOff);
  }
}

async function expectSpent(core: Core, { token, spareToken }: Step): Promise<void> {
  for (const one of [token, spareToken]) {
    expect(await resetStatus(core, one)).toBe('RESET_PASSWORD_INVALID_TOKEN_ERROR');
  }
}

async function resetStatus(core: Core, token = ''): Promise<string> {
  const input = { tenantId, token, newPassword: 'password after the kill' };
  return (await core.port(EmailPasswordCore).resetPasswordUsingToken(input)).status;
}

async function signInStatus(core: Core, { email = '', password = '' }: Step): Promise<string> {
  return (await core.port(EmailPasswordCore).signIn({ tenantId, email, password })).status;
}
