import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SessionFunctions } from 'latchkey';
import { formFields, TestClock } from 'latchkey/testing';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { onExpress } from '../../support/frameworks.js';
import { mobileDevice, type MobileDevice } from '../../support/react-native-client.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Its tokens travel in headers: a phone has no cookies that it could rely on. */
describe.each(onExpress)('supertokens-react-native and %s', (framework) => {
  const events: string[] = [];
  let app: EmailPasswordApp;
  let device: MobileDevice;
  let clock: TestClock;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework);
    clock = new TestClock();
    device = await mobileDevice();
    device.client.init({
      apiDomain: app.url,
      apiBasePath: '/auth',
      onHandleEvent: ({ action }) => events.push(action),
    });
  });
  afterAll(async () => {
    clock.restore();
    device.stop();
    await app.close();
  });

  /** As the application's own screen does: the client has none. */
  async function signUp(): Promise<string> {
    const body = JSON.stringify(formFields({ email: newEmail(), password: PASSWORD }));
    const response = await fetch(`${app.url}/auth/signup`, { method: 'POST', headers: JSON_TYPE, body });
    const { user } = (await response.json()) as { user: { id: string } };
    events.length = 0;
    return user.id;
  }

  const getMe = () => fetch(`${app.url}/me`);

  test('a sign-up leaves the tokens on the device, and requests carry them', async () => {
    const userId = await signUp();

    expect(await device.client.doesSessionExist()).toBe(true);
    expect(await device.client.getUserId()).toBe(userId);
    expect(await device.client.getAccessTokenPayloadSecurely()).toMatchObject({ sub: userId });
    expect(await (await getMe()).json()).toEqual({ userId, tenantId: 'public' });
  });

  test('requests at once whose access token has expired are all answered, by one refresh', async () => {
    const userId = await signUp();
    const before = await device.client.getAccessToken();
    clock.moveSeconds(3601);
    const answers = await Promise.all(Array.from({ length: 5 }, getMe));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await answers[4]!.json()).toEqual({ userId, tenantId: 'public' });
    expect(events.filter((event) => event === 'REFRESH_SESSION')).toHaveLength(1);
    expect(await device.client.getAccessToken()).not.toBe(before);
  });

  test('a sign-out ends the session and leaves no token on the device', async () => {
    await signUp();
    const authorization = `Bearer ${await device.client.getAccessToken()}`;
    await device.client.signOut();

    expect(events).toContain('SIGN_OUT');
    expect(await device.client.doesSessionExist()).toBe(false);
    expect(Object.values(await device.stored()).join()).not.toMatch(/eyJ/);
    expect((await getMe()).status).toBe(401);
    expect((await fetch(`${app.url}/me/checked`, { headers: { authorization } })).status).toBe(401);
  });

  test('a session that was ended elsewhere is gone from the device at its next refresh', async () => {
    const userId = await signUp();
    await app.app.get(SessionFunctions, { strict: false }).revokeAllSessionsForUser({ userId });
    clock.moveSeconds(3601);

    expect((await getMe()).status).toBe(401);
    expect(events).toContain('UNAUTHORISED');
    expect(await device.client.doesSessionExist()).toBe(false);
  });
});
