import { afterEach, describe, expect, it } from '@jest/globals';
import {
  ConfigurationError,
  DISABLED,
  EmailDelivery,
  EmailPasswordApi,
  EmailQueue,
  type AuthModuleOptions,
} from 'latchkey';
import { appInfo, bootError, newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';
import { RecordedLog } from '../../support/recorded-log.js';

class NoReset extends EmailPasswordApi {
  override generatePasswordResetTokenPOST = DISABLED;
}

const at = (apiDomain: string) => ({ ...appInfo, apiDomain });
const LINK = /http:\/\/127\.0\.0\.1:3000\/auth\/reset-password\?token=\S+&tenantId=public/;

let app: AuthApp | undefined;
const environment = process.env.NODE_ENV;
afterEach(async () => {
  if (environment === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = environment;
  await app?.app.close();
  app = undefined;
});

/** @returns what is in the log once somebody has asked for a link */
async function logOfReset(auth: Partial<AuthModuleOptions>): Promise<RecordedLog> {
  const logger = new RecordedLog();
  app = await startAuthApp('Express', { auth: { emailDelivery: undefined, ...auth }, logger });
  const email = newEmail();
  await app.client().signUp(email, PASSWORD);
  await app.client().auth('user/password/reset/token', { formFields: [{ id: 'email', value: email }] });
  await app.app.get(EmailQueue).idle();
  expect(logger.lines.filter(({ text }) => text.includes(email) && LINK.test(text))).toHaveLength(1);
  return logger;
}

const messageAtBoot = async (auth: Partial<AuthModuleOptions>) => {
  const error = await bootError(() => startAuthApp('Express', { auth: { emailDelivery: undefined, ...auth } }));
  expect(error).toBeInstanceOf(ConfigurationError);
  return error.message;
};

describe('Links in the log', () => {
  it('are of kinds that a recipe declares', async () => {
    await logOfReset({ emailDelivery: 'log' });
    const user = { id: 'u', recipeUserId: 'u', email: newEmail() };
    const unknown = { kind: 'lottery', user, tenantId: 'public', messageId: 'm', userContext: {} };
    await expect(app!.app.get(EmailDelivery).send(unknown as never)).rejects.toThrow(
      'No recipe of this application declares the email lottery.',
    );
  });

  it.each(['http://127.0.0.1:3000', 'http://localhost:8080', 'http://[::1]:3000', 'http://app.localhost:3000'])(
    'are there without an emailDelivery where apiDomain is %s, which is said at the start',
    async (apiDomain) => {
      process.env.NODE_ENV = 'production';
      const log = await logOfReset({ appInfo: at(apiDomain) });
      expect(log.warnings().join('\n')).toContain('No emailDelivery is given');
    },
  );

  it('are there without a warning where they are asked for', async () => {
    const log = await logOfReset({ appInfo: at('http://192.168.1.20:3000'), emailDelivery: 'log' });
    expect(log.warnings().join('\n')).not.toContain('emailDelivery');
  });

  it.each(['https://api.example.com', 'http://auth.internal'])(
    'stop the boot in production where apiDomain is %s',
    async (apiDomain) => {
      process.env.NODE_ENV = 'production';
      const orLog = apiDomain.startsWith('https') ? '' : ", or emailDelivery: 'log' while you develop";
      expect(await messageAtBoot({ appInfo: at(apiDomain) })).toBe(
        `AuthModule: EmailPasswordRecipe sends emails. No emailDelivery is given, and appInfo.apiDomain is ${apiDomain}, so ` +
          'emails are not sent, and their links and codes are not written to the log. Give AuthModule.forRoot({ emailDelivery: ' +
          '{ smtp: { host, port, auth, from } } }), or { useClass: … } with a class that extends EmailDelivery' +
          `${orLog}. Or disable generatePasswordResetTokenPOST.`,
      );
    },
  );

  it.each([undefined, 'development', 'staging'])(
    'are warned of once at the start where apiDomain is https and NODE_ENV is %s',
    async (nodeEnv) => {
      if (nodeEnv === undefined) delete process.env.NODE_ENV;
      else process.env.NODE_ENV = nodeEnv;
      const logger = new RecordedLog();
      const auth = { appInfo: at('https://api.example.com'), emailDelivery: undefined };
      app = await startAuthApp('Express', { auth, logger });
      const [warning, ...others] = logger.warnings();
      expect(others).toEqual([]);
      expect(warning).toMatch(
        /^AuthModule: EmailPasswordRecipe sends emails\. No emailDelivery is given.* NODE_ENV=production /,
      );
    },
  );

  it.each(frameworks)(
    'are not there where apiDomain is https: on %s the email is refused, whether or not there is an account',
    async (framework) => {
      const logger = new RecordedLog();
      const auth = { appInfo: at('https://api.example.com'), emailDelivery: undefined };
      app = await startAuthApp(framework, { auth, logger });
      const email = newEmail();
      await app.client().signUp(email, PASSWORD);
      const answers = [];
      for (const value of [email, newEmail()]) {
        const before = logger.errors().length;
        const response = await app.client().auth('user/password/reset/token', { formFields: [{ id: 'email', value }] });
        answers.push([response.status, await response.text()]);
        expect(logger.errors().slice(before)).toEqual([
          expect.stringContaining('No emailDelivery is given, and appInfo.apiDomain is https://api.example.com'),
        ]);
      }
      await app.app.get(EmailQueue).idle();
      const refusal = [500, '{"message":"Internal server error"}'];
      expect(answers).toEqual([refusal, refusal]);
      expect(logger.lines.filter(({ text }) => text.includes('token='))).toEqual([]);
      // Application code that sends by itself is told as well.
      const delivery = app.app.get(EmailDelivery, { strict: false });
      await expect(delivery.send({ kind: 'passwordReset' } as never)).rejects.toThrow('No emailDelivery is given');
    },
  );

  it('are refused at boot where apiDomain is https, though they are asked for', async () => {
    expect(await messageAtBoot({ appInfo: at('https://api.example.com'), emailDelivery: 'log' })).toBe(
      "AuthModule: emailDelivery is 'log', but appInfo.apiDomain is https://api.example.com: where people sign in by https, " +
        'others read the log. Give AuthModule.forRoot({ emailDelivery: { smtp: { host, port, auth, from } } }), or ' +
        '{ useClass: … } with a class that extends EmailDelivery.',
    );
  });

  it('are not spoken of where nothing sends emails', async () => {
    const logger = new RecordedLog();
    const emailPassword = { override: { apis: NoReset } };
    const auth = { appInfo: at('https://api.example.com'), emailDelivery: undefined };
    app = await startAuthApp('Express', { emailPassword, auth, logger });
    expect(logger.warnings().join('\n')).not.toContain('emailDelivery');
  });
});
