import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AuthTestClient } from 'latchkey/testing';
import type { RunningSample } from '../browser/running-sample.js';
import { composeFile } from '../support/compose-file.js';
import { linkOf } from '../support/smtp-server.js';
import { finishSignIn, startSignIn } from '../support/third-party-sign-in.js';
import { waitUntil } from '../support/wait-until.js';
import { CALLBACK, ComposedSample, PUBLIC_URL } from './composed-sample.js';
import { testSessions } from './sessions-of-replicas.js';

const run = promisify(execFile);
const PASSWORD = 'correct horse 1';
const REDIRECT = { thirdPartyId: 'openid', redirectURI: CALLBACK };

/** The same browser, whose next requests a proxy leads to this replica. */
function at(replica: RunningSample, browser?: AuthTestClient): AuthTestClient {
  const client = new AuthTestClient({ url: replica.url, transferMethod: 'cookie' });
  return Object.assign(client, browser && { cookies: browser.cookies, tokens: browser.tokens });
}

describe('the processes of compose.yaml', () => {
  let sample: ComposedSample;
  let a: RunningSample;
  let b: RunningSample;

  beforeAll(async () => {
    sample = await ComposedSample.start();
    [a, b] = sample.replicas as [RunningSample, RunningSample];
  }, 120_000);
  afterAll(() => sample?.stop());

  it('are healthy, by the command that Docker asks with', async () => {
    const [, program, ...args] = composeFile({ POSTGRES_PASSWORD: 'password' }).services['app']!.healthcheck!.test;
    expect(program).toBe('node');
    for (const { port } of [a, b]) {
      const onPort = args.map((text) => text.replace('127.0.0.1:3000', `localhost:${port}`));
      await run(process.execPath, onPort);
    }
    await expect(
      run(
        process.execPath,
        args.map((text) => text.replace(':3000/health', `:${a.port}/nowhere`)),
      ),
    ).rejects.toThrow();
  });

  it('let a person sign up on one, follow the link of the email on the other, and be signed out on both', async () => {
    const onA = at(a);
    expect(await (await onA.signUp('ann@example.com', PASSWORD)).json()).toMatchObject({ status: 'OK' });
    expect(onA.cookies.get('sAccessToken')).toBeDefined();
    await onA.auth('user/email/verify/token', {});
    const link = new URL(linkOf(await sample.smtp.next('ann@example.com')));
    expect(link.href.split('?')[0]).toBe(`${PUBLIC_URL}/auth/verify-email`);

    const onB = at(b, onA);
    await onB.auth('user/email/verify', { method: 'token', token: link.searchParams.get('token') });
    expect((await onB.refresh()).status).toBe(200);
    for (const client of [onB, at(a, onB)]) {
      const me = await client.get('/api/me');
      expect(await me.json()).toMatchObject({ displayName: 'ann', isEmailVerified: true, roles: ['member'] });
    }
    expect((await at(a, onB).post('/api/projects', { name: 'Engine' })).status).toBe(201);
    expect(await (await onB.get('/api/projects')).json()).toMatchObject([{ name: 'Engine', owner: 'ann' }]);

    // Another window, which keeps its cookies.
    const elsewhere = at(b);
    for (const cookie of ['sAccessToken', 'sRefreshToken']) elsewhere.cookies.set(cookie, onB.cookies.get(cookie)!);
    expect((await elsewhere.get('/api/me')).status).toBe(200);
    expect((await at(a, onB).signOut()).status).toBe(200);
    await waitUntil(async () => (await elsewhere.get('/api/me')).status === 401);
  });

  it('let a person in who began at the provider on one and comes back to the other', async () => {
    const { sub } = sample.provider.addAccount({ email: 'bea@example.com' });
    const onA = at(a);
    const started = await startSignIn(onA, REDIRECT);
    const redirect = await sample.provider.signIn(started.url.href, sub);
    const onB = at(b, onA);
    expect(await (await finishSignIn(onB, started, redirect, REDIRECT)).json()).toMatchObject({ status: 'OK' });
    expect(await (await onB.get('/api/me')).json()).toMatchObject({ email: 'bea@example.com', displayName: 'bea' });
    expect((await at(a, onB).get('/auth/callback/openid')).status).toBe(200);
  });

  it('show what is true of emails and of the provider', async () => {
    const inbox = await fetch(`${a.url}/inbox`, { redirect: 'manual' });
    expect([inbox.status, inbox.headers.get('location')]).toEqual([302, 'http://localhost:8025']);
    const [front, plain, login] = await Promise.all(
      ['/', '/plain', '/login'].map(async (path) => (await fetch(`${a.url}${path}`)).text()),
    );
    expect(front).toContain('Continue with Acme ID');
    expect(plain).toContain('data-provider="openid"');
    expect(login).toContain('data-provider-name="Acme ID"');
    expect([front, plain, login].join('')).not.toMatch(/Local ID|\{\{/);

    const { parts } = (await (await fetch(`${a.url}/api/tour`)).json()) as { parts: { name: string; url: string }[] };
    expect(parts.map(({ name, url }) => [name, url]).slice(-2)).toEqual([
      ['Mail', '/inbox'],
      ['Identity provider', `${sample.provider.issuer}/.well-known/openid-configuration`],
    ]);
  });

  it('take a client for who the one proxy says it is', async () => {
    const left = async (client: string) => {
      const { headers } = await fetch(`${a.url}/api/tour`, { headers: { 'x-forwarded-for': client } });
      return Number(headers.get('x-ratelimit-remaining-everything'));
    };
    const first = await left('192.0.2.1');
    expect(await left('198.51.100.7, 192.0.2.1')).toBe(first - 1);
    expect(await left('192.0.2.2')).toBe(first);
  });

  testSessions(() => sample);

  it('end by SIGTERM within the time that Docker gives them, though browsers keep connections', async () => {
    const [, seconds] = /^(\d+)s$/.exec(composeFile({ POSTGRES_PASSWORD: 'x' }).services['app']!.stop_grace_period!)!;
    await Promise.all([a, b].map(({ url }) => fetch(`${url}/health`).then((response) => response.text())));
    const ends: (number | string)[] = [];
    for (const replica of [a, b]) {
      void replica.ended.then((end) => ends.push(end));
      void replica.stop('SIGTERM');
    }
    await waitUntil(async () => ends.length === 2, Number(seconds) * 1000);
    expect(ends).toEqual(['SIGTERM', 'SIGTERM']);
  });
});
