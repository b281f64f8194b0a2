import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { AuthTestClient, formFields } from 'latchkey/testing';
import { portOf } from '../../sample-app/settings/environment.js';
import { runSample, signUpAdministrator, startSample, type RunningSample } from './running-sample.js';

const PASSWORD = 'correct horse 1';

/** Sets what `fetch` does not let a caller set. @returns the status of the answer */
function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    call.on('error', reject).end();
  });
}

describe('the sample as a process', () => {
  let sample: RunningSample;
  let administrator: AuthTestClient;

  beforeAll(async () => {
    sample = await startSample();
    administrator = await signUpAdministrator(sample, PASSWORD);
  }, 120_000);

  afterAll(async () => {
    await sample?.stop();
  });

  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/plain', 'text/html; charset=utf-8'],
    ['/auth/reset-password?token=abc', 'text/html; charset=utf-8'],
    ['/main.js', 'text/javascript; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
  ])('serves %s as what it is, to be asked for again each time', async (path, contentType) => {
    const response = await fetch(`${sample.url}${path}`);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(contentType);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    // As browsers ask; without cache-control, Node's fetch would insist on a full answer.
    const headers = { 'if-none-match': response.headers.get('etag')!, 'cache-control': 'max-age=0' };
    expect((await fetch(`${sample.url}${path}`, { headers })).status).toBe(304);
  });

  it.each(['/', '/main.js', '/api/me', '/auth/jwt/jwks.json', '/nowhere'])(
    'sends security headers with %s',
    async (path) => {
      const { headers } = await fetch(`${sample.url}${path}`);

      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.has('x-powered-by')).toBe(false);
    },
  );

  it('lets nobody keep answers that are for one user', async () => {
    const client = new AuthTestClient({ url: sample.url });
    const signUp = await client.signUp('kept@example.com', PASSWORD);
    const me = await client.get('/api/me');

    expect(signUp.headers.get('cache-control')).toBe('no-store');
    expect(me.headers.get('cache-control')).toBe('no-store');
    expect(await me.json()).toMatchObject({ email: 'kept@example.com', roles: ['member'] });
  });

  it.each(['emailpassword/email/exists', 'signup/email/exists'])(
    'answers at the path of the disabled API %s without telling who has an account',
    async (path) => {
      const ask = (email: string) => fetch(`${sample.url}/auth/${path}?email=${email}`);
      const [known, unknown] = await Promise.all([ask('administrator@example.com'), ask('nobody@example.com')]);

      expect(known.status).toBe(200);
      expect(await known.json()).toEqual({ status: 'OK', exists: false });
      expect(await unknown.json()).toEqual({ status: 'OK', exists: false });
    },
  );

  it('does not take another host in an address for the domain that is invited', async () => {
    const client = new AuthTestClient({ url: sample.url });
    for (const email of ['eve@example.com.elsewhere.test', 'eve@notexample.com', 'eve%40example.com@elsewhere.test']) {
      const response = await client.signUp(email, PASSWORD);
      expect(await response.json()).toEqual({
        status: 'GENERAL_ERROR',
        message: 'Ask an administrator for an invitation.',
      });
    }
  });

  it('shows invitations to nobody but the administrator', async () => {
    const stranger = new AuthTestClient({ url: sample.url });
    const member = new AuthTestClient({ url: sample.url });
    await member.signUp('member@example.com', PASSWORD);

    const statuses = [];
    for (const client of [stranger, member, administrator]) {
      const add = await client.post('/api/invitations', { address: 'friend@elsewhere.test' });
      statuses.push([(await client.get('/api/invitations')).status, add.status]);
    }
    expect(statuses).toEqual([
      [401, 401],
      [403, 403],
      [200, 201],
    ]);
  });

  it.each([[undefined], [7], ['nonsense'], ['two@at@elsewhere.test'], [`${'a'.repeat(250)}@elsewhere.test`]])(
    'refuses to invite %p',
    async (address) => {
      const response = await administrator.post('/api/invitations', { address });

      expect(response.status).toBe(400);
    },
  );

  it.each([[undefined], ['text'], [{ currentPassword: PASSWORD }], [{ currentPassword: [], newPassword: {} }]])(
    'refuses to change a password by %j',
    async (body) => {
      const response = await administrator.post('/api/me/password', body);

      expect(response.status).toBe(400);
    },
  );

  it('ends the other sessions of a user whose password is changed', async () => {
    const email = 'changing@example.com';
    const here = new AuthTestClient({ url: sample.url });
    const elsewhere = new AuthTestClient({ url: sample.url });
    await here.signUp(email, PASSWORD);
    await elsewhere.signIn(email, PASSWORD);
    const response = await here.post('/api/me/password', { currentPassword: PASSWORD, newPassword: 'new battery 2' });

    expect(await response.json()).toEqual({ status: 'OK' });
    expect((await elsewhere.refresh()).status).toBe(401);
    expect((await here.refresh()).status).toBe(200);
  });

  it('tells each user only of the own account', async () => {
    const one = new AuthTestClient({ url: sample.url });
    const other = new AuthTestClient({ url: sample.url });
    await one.signUp('one@example.com', PASSWORD);
    await other.signUp('other@example.com', PASSWORD);
    await other.signIn('one@example.com', 'a guess 1');

    const entries = (await (await one.get('/api/audit')).json()) as { event: string; email: string }[];
    expect(entries.map(({ event, email }) => [event, email])).toEqual([
      ['sign-in refused', 'one@example.com'],
      ['signed up', 'one@example.com'],
    ]);
    expect((await new AuthTestClient({ url: sample.url }).get('/api/audit')).status).toBe(401);
  });

  it('writes no password into its files', async () => {
    const client = new AuthTestClient({ url: sample.url });
    await client.signUp('secret@example.com', 'unmistakable-password-1');
    await client.signIn('secret@example.com', 'unmistakable-guess-2');

    const files = await readdir(sample.folder);
    const contents = await Promise.all(files.map((file) => readFile(join(sample.folder, file), 'latin1')));
    expect(contents.join('')).toContain('secret@example.com');
    expect(contents.join('')).not.toContain('unmistakable');
  });

  describe('the inbox', () => {
    it('is shown to nobody who comes by another name', async () => {
      expect(await statusWithHost(`${sample.url}/inbox`, `localhost:${sample.port}`)).toBe(200);
      expect(await statusWithHost(`${sample.url}/inbox`, 'rebound.example')).toBe(403);
      expect(await statusWithHost(`${sample.url}/inbox/1`, 'rebound.example')).toBe(403);
      expect(await statusWithHost(`${sample.url}/inbox/1/html`, 'rebound.example')).toBe(403);
    });

    it.each(['999', '-1', 'x', '1e3', '..%2f..'])('has no email %s', async (id) => {
      expect([400, 404]).toContain((await fetch(`${sample.url}/inbox/${id}`)).status);
    });

    it('shows an email without scripts and without an origin', async () => {
      const client = new AuthTestClient({ url: sample.url });
      await client.signUp('shown@example.com', PASSWORD);
      await client.auth('user/password/reset/token', formFields({ email: 'shown@example.com' }));
      await sample.emailLink('shown@example.com');
      const inbox = await (await fetch(`${sample.url}/inbox`)).text();
      const [, id] = /\/inbox\/(\d+)">[^<]*<\/a> <span>to shown@/.exec(inbox)!;
      const response = await fetch(`${sample.url}/inbox/${id}/html`);
      const policy = response.headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain('sandbox allow-popups');
      expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
      expect(await response.text()).toContain('Choose a new password');
    });
  });

  it('says what to do when the port is taken', async () => {
    const { end, lines } = await runSample({ PORT: String(sample.port) });

    expect(end).toBe(1);
    expect(lines).toContain(`Port ${sample.port} is taken. Choose another one: PORT=${sample.port + 1} npm start`);
  });

  it('says what to do when the port is none', async () => {
    const { end, lines } = await runSample({ PORT: 'nonsense' });

    expect(end).toBe(1);
    expect(lines.join('\n')).toContain('PORT is "nonsense". Give a number from 1 to 65535: PORT=3001 npm start');
    for (const text of ['0', '65536', '30.5']) expect(() => portOf(text)).toThrow(`PORT is "${text}".`);
    expect(['1', '65535'].map((text) => portOf(text))).toEqual([1, 65_535]);
  });

  it('closes its databases when it is stopped', async () => {
    const stopped = await startSample();
    const open = await readdir(stopped.folder);
    const filesLeft = await stopped.stop();

    expect(open).toContain('sample.sqlite-wal');
    expect(filesLeft).toEqual(['sample.sqlite']);
  });
});
