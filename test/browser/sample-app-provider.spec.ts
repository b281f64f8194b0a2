import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { startSample } from './running-sample.js';
import { describeInBrowser } from './sample-in-browser.js';
import type { SamplePage } from './sample-page.js';

const BUTTON = 'Continue with Local ID';

describeInBrowser('the sample page with an identity provider', (running) => {
  it("signs in through the provider's own login page, and again", async () => {
    const page = await running.openPage();
    await goToProvider(page);
    expect(new URL(page.page.url()).origin).not.toBe(running.sample.url);
    await page.submit({ Email: 'ada@example.com' }, 'Continue to the sample');
    await page.signedIn();

    expect(page.page.url()).toBe(`${running.sample.url}/plain`);
    expect(await page.callGuardedRoute()).toContain('ada@example.com');
    await page.page.reload();
    await page.signedIn();
    await page.click('Sign out');
    await goToProvider(page);
    await page.submit({ Email: 'Ada@Example.com' }, 'Continue to the sample');
    await page.signedIn();

    const log = await page.items('Audit log');
    expect(log.map((entry) => entry.split('\n')[0])).toEqual(['signed in', 'signed up']);
    expect(await page.page.getByRole('heading', { name: 'Change the password' }).isVisible()).toBe(false);
  });

  it('keeps somebody with a password and somebody from the provider apart, whose email is one', async () => {
    const withPassword = await running.openPage();
    await withPassword.signUp('both@example.com');
    await withPassword.signedIn();
    const page = await running.openPage();
    await goToProvider(page);
    await page.submit({ Email: 'both@example.com' }, 'Continue to the sample');
    await page.signedIn();

    const [one, other] = [await withPassword.callGuardedRoute(), await page.callGuardedRoute()];
    expect(userId(one)).not.toBe(userId(other));
  });

  it('lets nobody in who is not invited, nor whose address the provider has not verified', async () => {
    const page = await running.openPage();
    await goToProvider(page);
    await page.submit({ Email: 'eve@elsewhere.test' }, 'Continue to the sample');
    expect(await page.status()).toBe('Ask an administrator for an invitation.');

    await goToProvider(page);
    await page.page.getByLabel('The address is verified').uncheck();
    await page.submit({ Email: 'unverified@example.com' }, 'Continue to the sample');
    expect(await page.status()).toBe('Ask an administrator for an invitation.');
    expect(await page.callGuardedRoute()).toBe('The guard answered 401: you are signed out.');
  });

  it('comes back from a cancelled login', async () => {
    const page = await running.openPage();
    await goToProvider(page);
    await page.click('Cancel');
    expect(await page.status()).toBe('You have cancelled the sign-in.');

    await page.signUp('after-cancelling@example.com');
    await page.signedIn();
  });

  it.each(['?code=stolen&state=forged', '?code=stolen', ''])(
    'believes no callback that it has not begun itself: %p',
    async (query) => {
      const page = await running.openPage();
      await page.goto(`${running.sample.url}/auth/callback/local${query}`);

      expect(await page.status()).toBe('The sign-in was not begun here, or is too old. Please try again.');
      expect(page.takeRequests().filter((request) => request.includes('signinup'))).toEqual([]);
      expect(page.page.url()).toBe(`${running.sample.url}/plain`);
    },
  );

  it('loses nothing but the button where the provider is down', async () => {
    const broken = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
    await once(broken, 'listening');
    const { port } = broken.address() as AddressInfo;
    const without = await startSample({ IDENTITY_PROVIDER_PORT: String(port) });
    try {
      const page = await running.openPage({ url: `${without.url}/plain` });
      await page.click(BUTTON);
      expect(await page.status()).toBe(
        'Signing in with Local ID is not possible at the moment. Please try again later.',
      );
      await page.signUp('somebody@example.com');
      await page.signedIn();
    } finally {
      await without.stop();
      broken.close();
    }
  });

  async function goToProvider(page: SamplePage): Promise<void> {
    await page.click(BUTTON);
    await page.heading('Local ID').waitFor();
  }

  const userId = (answer: string) => /User id\s+(\S+)/.exec(answer)?.[1];
});
