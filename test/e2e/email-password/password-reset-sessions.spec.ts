import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SessionFunctions } from 'latchkey';
import { newEmail } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { onExpress } from '../../support/frameworks.js';
import { requestResetToken, resetPassword } from '../../support/password-resets.js';

const OLD = 'old password 1';
const NEW = 'new password 2';

describe.each(onExpress)('Sessions and a password reset on %s', (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework);
  });
  afterAll(() => app.close());

  it('every session of the user ends: refreshing and asking the storage are refused', async () => {
    const email = newEmail();
    const [phone, browser] = [app.client(), app.client({ transferMethod: 'cookie' })];
    await phone.signUp(email, OLD);
    await browser.signIn(email, OLD);
    const { userId } = (await (await phone.get('/me/checked')).json()) as { userId: string };
    expect((await browser.get('/me/checked')).status).toBe(200);

    await resetPassword(app.client(), await requestResetToken(app, email), NEW);

    for (const client of [phone, browser]) {
      const checked = await client.get('/me/checked');
      expect([checked.status, await checked.json()]).toEqual([401, { message: 'unauthorised' }]);
      const refreshed = await client.refresh();
      expect([refreshed.status, await refreshed.json()]).toEqual([401, { message: 'unauthorised' }]);
    }
    expect(await app.app.get(SessionFunctions).getAllSessionHandlesForUser({ userId })).toEqual([]);

    expect(await (await phone.signIn(email, NEW)).json()).toMatchObject({ status: 'OK' });
    expect((await phone.get('/me/checked')).status).toBe(200);
  });

  it('those of other users go on', async () => {
    const [email, other] = [newEmail(), newEmail()];
    const bystander = app.client();
    await bystander.signUp(other, OLD);
    await app.client().signUp(email, OLD);
    await resetPassword(app.client(), await requestResetToken(app, email), NEW);
    expect((await bystander.get('/me/checked')).status).toBe(200);
    expect((await bystander.refresh()).status).toBe(200);
  });

  it('they go on when the token is refused, and when a reset is only asked for', async () => {
    const email = newEmail();
    const client = app.client();
    await client.signUp(email, OLD);
    const token = await requestResetToken(app, email);
    await resetPassword(app.client(), `${token.slice(0, -2)}__`, NEW);
    await resetPassword(app.client(), token, 'short');
    expect((await client.get('/me/checked')).status).toBe(200);
    expect((await client.refresh()).status).toBe(200);
  });
});
