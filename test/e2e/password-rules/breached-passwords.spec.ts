import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BreachedPasswords, EmailPasswordFunctions, type AuthModuleOptions } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { frameworks, onExpress, onFastify } from '../../support/frameworks.js';
import { requestResetToken, resetPassword, RESET_OK } from '../../support/password-resets.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { TamperingProxy } from '../../support/tampering-proxy.js';

const BREACHED_PASSWORD = 'a breached passphrase';
const BREACHED = 'This password is known from a data breach elsewhere. Please choose another one';
const UNKNOWN = 'This password could not be checked. Please try again in a minute';
const fieldError = (error: string) => ({ status: 'FIELD_ERROR', formFields: [{ id: 'password', error }] });
const OK = { status: 'OK' };

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();
const [breached, good] = [sha1(BREACHED_PASSWORD), sha1(PASSWORD)];

/** As Have I Been Pwned answers, with padding: a line of 0 says nothing. */
const ranges: RequestListener = ({ url }, response) => {
  const prefix = url!.slice('/range/'.length);
  const lines = [`${'0'.repeat(35)}:12`, `${breached.slice(5)}:7`, `${good.slice(5)}:0`, `${'F'.repeat(35)}:0`];
  response.end([breached, good].some((hash) => hash.startsWith(prefix)) ? lines.join('\r\n') : lines[0]);
};

let answer: RequestListener = ranges;
let service: TamperingProxy;
beforeAll(async () => {
  service = await TamperingProxy.start((request, response) => answer(request, response));
});
afterAll(() => service.close());
beforeEach(() => {
  answer = ranges;
  service.reset();
});

type PasswordRulesOption = NonNullable<AuthModuleOptions['passwordRules']>;

const startWith = (
  framework: (typeof frameworks)[number],
  breached: PasswordRulesOption['breached'],
  more: Partial<AuthModuleOptions> = {},
  logger?: RecordedLog,
) => startEmailPasswordApp(framework, { auth: { passwordRules: { breached }, ...more }, ...(logger && { logger }) });

const withService = (more: object = {}) => ({ url: `${service.url}/range/`, ...more });

async function signUp(app: EmailPasswordApp, password: string, email = newEmail()): Promise<unknown> {
  return (await app.client().auth('signup', formFields({ email, password }))).json();
}

describe.each(onExpress)('Passwords of data breaches on %s', (framework) => {
  let app: EmailPasswordApp;
  const logger = new RecordedLog();

  beforeAll(async () => {
    app = await startWith(framework, withService({ timeoutMs: 60_000, whenUnavailable: 'refuse' }), {}, logger);
  });
  afterAll(() => app.close());

  it('are refused, and the service learns at most five digits of their hash', async () => {
    expect(await signUp(app, BREACHED_PASSWORD)).toEqual(fieldError(BREACHED));
    expect(await signUp(app, PASSWORD)).toMatchObject(OK);
    expect(service.requests.map(({ method, path, body }) => [method, path, body])).toEqual(
      [breached, good].map((hash) => ['GET', `/range/${hash.slice(0, 5)}`, '']),
    );
    expect(service.requests[0]!.headers).toMatchObject({ 'add-padding': 'true', 'user-agent': 'latchkey' });
  });

  it('are refused in a reset and in a change, and sign-ins are not judged', async () => {
    const email = newEmail();
    const functions = app.app.get(EmailPasswordFunctions);
    const user = (await functions.signUp({ email, password: BREACHED_PASSWORD })) as { recipeUserId: string };
    const token = await requestResetToken(app, email);
    const reset = async (password: string) => (await resetPassword(app.client(), token, password)).json();
    expect(await reset(BREACHED_PASSWORD)).toEqual(fieldError(BREACHED));
    expect(await functions.updateEmailOrPassword({ ...user, password: BREACHED_PASSWORD })).toMatchObject({
      status: 'PASSWORD_POLICY_VIOLATED_ERROR',
      failureReason: BREACHED,
    });
    service.reset();
    expect(await (await app.client().signIn(email, BREACHED_PASSWORD)).json()).toMatchObject(OK);
    expect(service.requests).toEqual([]);
    expect(await reset(PASSWORD)).toEqual(RESET_OK);
  });

  it('that other rules refuse are not asked about', async () => {
    for (const password of ['short 1', 'Password1', 'the Acme one']) await signUp(app, password);
    expect(service.requests).toEqual([]);
  });

  it.each<[string, RequestListener]>([
    ['an error', (_request, response) => void response.writeHead(503).end(`${breached.slice(5)}:7`)],
    ['another address', (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
    ['more than half a megabyte', (_request, response) => void response.end('0'.repeat(524_289))],
  ])('are refused with all others by `refuse` where the answer is %s', async (_what, listener) => {
    answer = listener;
    expect(await signUp(app, PASSWORD)).toEqual(fieldError(UNKNOWN));
  });

  it('appear once in the log, without the password', async () => {
    answer = (_request, response) => void response.writeHead(503).end();
    await signUp(app, PASSWORD);
    await signUp(app, PASSWORD);
    expect(logger.warnings().filter((text) => text.includes('breach'))).toEqual([
      expect.stringMatching(/^New passwords are not compared with data breaches: .+\. They are refused meanwhile/),
    ]);
    expect(JSON.stringify(logger.lines)).not.toMatch(
      new RegExp(`${PASSWORD}|${BREACHED_PASSWORD}|${good}|${breached}`),
    );
  });
});

describe.each(onFastify)('The service of breached passwords on %s', (framework) => {
  it('has so much time to answer, and then passwords are accepted by default', async () => {
    const logger = new RecordedLog();
    const app = await startWith(framework, withService({ timeoutMs: 50 }), {}, logger);
    answer = () => undefined;
    expect(await signUp(app, BREACHED_PASSWORD)).toMatchObject(OK);
    expect(logger.warnings()).toContainEqual(
      expect.stringMatching(/data breaches: .*timeout\. They are accepted meanwhile/),
    );
    await app.close();
  });

  it('is asked only for attempts that the limits let through', async () => {
    const actions = { signUp: { address: [{ attempts: 2, seconds: 3600 }] } };
    const app = await startWith(framework, withService({ timeoutMs: 60_000 }), { attemptLimits: { actions } });
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await signUp(app, BREACHED_PASSWORD)).toEqual(fieldError(BREACHED));
    expect(await signUp(app, BREACHED_PASSWORD)).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(service.requests).toHaveLength(2);
    await app.close();
  });

  it('is asked about fifty passwords at once, and no more', async () => {
    const app = await startWith(framework, withService({ timeoutMs: 60_000 }));
    const client = app.app.get(BreachedPasswords);
    let release = () => undefined as void;
    const released = new Promise<void>((resolve) => (release = resolve));
    answer = (request, response) => void released.then(() => ranges(request, response));
    const waiting = Promise.all(Array.from({ length: 50 }, () => client.isBreached(BREACHED_PASSWORD)));
    await expect(client.isBreached(BREACHED_PASSWORD)).rejects.toThrow('50 requests wait for an answer already');
    release();
    expect(new Set(await waiting)).toEqual(new Set([true]));
    expect(await client.isBreached(PASSWORD)).toBe(false);
    await app.close();
  });

  it('is not asked by default, and may be one of the application’s own', async () => {
    @Injectable()
    class Offline extends BreachedPasswords {
      override async fetchRange() {
        return `${breached.slice(5).toLowerCase()}:1`;
      }
    }
    const app = await startWith(framework, { client: Offline });
    expect(await signUp(app, BREACHED_PASSWORD)).toEqual(fieldError(BREACHED));
    await app.close();

    const off = await startEmailPasswordApp(framework);
    let requests = 0;
    off.app.get(BreachedPasswords).fetchRange = async () => `${requests++}`;
    expect(await signUp(off, BREACHED_PASSWORD)).toMatchObject(OK);
    expect(requests).toBe(0);
    await off.close();
  });
});
