import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DashboardCore } from '../../lib/core/dashboard.core.js';
import { cores, type CoreUnderTest } from './cores.js';

const HOUR_SECONDS = 3600;
const password = 'a long password';
let count = 0;
const newEmail = () => `staff-${(count += 1)}@example.com`;
const wrong = { status: 'INVALID_CREDENTIALS_ERROR' };
const invalid = { status: 'INVALID_SESSION_ERROR' };

describe.each(cores)('users of the dashboard: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let dashboard: DashboardCore;

  beforeAll(async () => {
    tested = await create({ dashboardSessionLifetimeHours: 2 });
    dashboard = tested.core.port(DashboardCore);
  });
  afterAll(() => tested.close());

  async function created(email = newEmail()) {
    const result = await dashboard.createUser({ email, password });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.user;
  }
  async function signedIn(email: string): Promise<string> {
    const result = await dashboard.signIn({ email, password });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.sessionId;
  }

  it('sign in by any case of their email, until the session ends by itself', async () => {
    const { email } = await created();
    const sessionId = await signedIn(email.toUpperCase());
    expect(await dashboard.verifySession(sessionId)).toEqual({ status: 'OK', email });
    tested.clock.moveSeconds(2 * HOUR_SECONDS - 1);
    expect(await dashboard.verifySession(sessionId)).toEqual({ status: 'OK', email });
    tested.clock.moveSeconds(1);
    expect(await dashboard.verifySession(sessionId)).toEqual(invalid);
  });

  it('are not let in by another password, an unknown email or a part of a session id', async () => {
    const { email, userId } = await created();
    expect(await dashboard.signIn({ email, password: `${password}.` })).toEqual(wrong);
    expect(await dashboard.signIn({ email: newEmail(), password })).toEqual(wrong);
    const sessionId = await signedIn(email);
    const [session] = await dashboard.listSessions(userId);
    const other = await signedIn(email);
    const [handle, secret] = [sessionId.split('.')[0]!, other.split('.')[1]!];
    for (const forged of [
      '',
      '.',
      handle,
      `${handle}.`,
      `${handle}.${secret}`,
      session!.sessionHandle,
      "' or 1=1 --",
    ]) {
      expect(await dashboard.verifySession(forged)).toEqual(invalid);
    }
  });

  it('have good emails and long passwords, and one of them an email', async () => {
    const email = newEmail();
    expect(await dashboard.createUser({ email: 'no email', password })).toEqual({ status: 'INVALID_EMAIL_ERROR' });
    expect(await dashboard.createUser({ email, password: 'short' })).toEqual({
      status: 'PASSWORD_WEAK_ERROR',
      message: 'The password must have at least 12 characters',
    });
    const results = await Promise.all([
      dashboard.createUser({ email, password }),
      dashboard.createUser({ email: email.toUpperCase(), password }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['EMAIL_ALREADY_EXISTS_ERROR', 'OK']);
    const other = await created();
    const user = { email: other.email };
    expect(await dashboard.updateUser({ user, newEmail: email })).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    expect(await dashboard.updateUser({ user: { userId: 'nobody' }, newPassword: password })).toEqual({
      status: 'UNKNOWN_USER_ERROR',
    });
  });

  it('are signed out by a new password, by the end of a session and by their deletion', async () => {
    const { email, userId } = await created();
    const before = await signedIn(email);
    const newPassword = 'another long password';
    expect(await dashboard.updateUser({ user: { userId }, newPassword })).toMatchObject({ status: 'OK' });
    expect(await dashboard.verifySession(before)).toEqual(invalid);
    expect(await dashboard.signIn({ email, password })).toEqual(wrong);
    expect(await dashboard.updateUser({ user: { email }, newPassword: password })).toMatchObject({ status: 'OK' });

    const [one, other, third] = [await signedIn(email), await signedIn(email), await signedIn(email)];
    await dashboard.revokeSession(one);
    const handles = (await dashboard.listSessions(userId)).map(({ sessionHandle }) => sessionHandle);
    expect(handles).toHaveLength(2);
    await dashboard.revokeSession(other.split('.')[0]!);
    expect(await dashboard.verifySession(other)).toEqual(invalid);
    expect(await dashboard.verifySession(third)).toEqual({ status: 'OK', email });

    expect((await dashboard.listUsers()).map((user) => user.userId)).toContain(userId);
    expect(await dashboard.deleteUser({ email })).toEqual({ status: 'OK', didUserExist: true });
    expect(await dashboard.deleteUser({ userId })).toEqual({ status: 'OK', didUserExist: false });
    expect(await dashboard.verifySession(third)).toEqual(invalid);
    expect((await dashboard.listUsers()).map((user) => user.userId)).not.toContain(userId);
  });
});
