import { afterEach, describe, expect, it } from '@jest/globals';
import type { AttemptLimitsOption } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { frameworks, type Framework, type StartOptions } from '../../support/frameworks.js';
import { RecordedLog } from '../../support/recorded-log.js';

const TWICE_BY_ADDRESS = { signIn: { address: [{ attempts: 2, seconds: 3600 }] } };

let app: EmailPasswordApp;
afterEach(() => app.close());

async function start(framework: Framework, attemptLimits: AttemptLimitsOption, options?: StartOptions): Promise<void> {
  app = await startEmailPasswordApp(framework, { ...options, auth: { attemptLimits } });
}

describe.each(frameworks)('Addresses that attempts come from, on %s', (framework) => {
  async function countPasses(forwardedFor: string[]): Promise<number> {
    let passed = 0;
    for (const from of forwardedFor) {
      const body = formFields({ email: newEmail(), password: PASSWORD });
      const headers = { 'x-forwarded-for': from };
      const answer = await (await app.client().post('/auth/signin', body, { headers })).json();
      if ((answer as { status: string }).status === 'WRONG_CREDENTIALS_ERROR') passed++;
    }
    return passed;
  }

  const many = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'];

  it('are not what X-Forwarded-For says, by default', async () => {
    await start(framework, { actions: TWICE_BY_ADDRESS });
    expect(await countPasses(many)).toBe(2);
  });

  it.each([
    ['one that is not trusted', {}, undefined, 1],
    ['one that is trusted by Latchkey', { trustedProxies: 1 }, undefined, 0],
    ['one that is trusted by the framework', {}, 'loopback', 0],
  ])('behind a proxy are warned of, once, where it is %s', async (_, option, trustProxy, warnings) => {
    const logger = new RecordedLog();
    await start(framework, option, { logger, trustProxy });
    await countPasses(many);
    expect(logger.warnings().filter((text) => text.includes('that is not trusted'))).toHaveLength(warnings);
  });

  it('are what a trusted proxy says, and not what was forged before it', async () => {
    await start(framework, { actions: TWICE_BY_ADDRESS, trustedProxies: 1 });
    expect(await countPasses(many)).toBe(4);
    expect(await countPasses(many.map((forged) => `${forged}, 203.0.113.9`))).toBe(2);
  });

  it('are what the framework says that they are', async () => {
    await start(framework, { actions: TWICE_BY_ADDRESS }, { trustProxy: 'loopback' });
    expect(await countPasses(many)).toBe(4);
    expect(await countPasses(many.map((forged) => `${forged}, 203.0.113.9`))).toBe(2);
  });

  it('of proxies may be named', async () => {
    await start(framework, { actions: TWICE_BY_ADDRESS, trustedProxies: ['loopback'] });
    expect(await countPasses(many)).toBe(4);
    expect(await countPasses(['2001:db8::1', '2001:db8::2', '2001:db8::ffff:3', '2001:db8:0:1::1'])).toBe(3);
  });
});
