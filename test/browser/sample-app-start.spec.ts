import { beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { AuthTestClient, formFields } from 'latchkey/testing';
import { portOf } from '../../sample-app/settings/parsed-variables.js';
import { runSample, type Sample, sampleOfRun, startSample } from './running-sample.js';

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
  let sample: Sample;

  beforeAll(async () => {
    sample = await sampleOfRun();
  }, 120_000);

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

  it('says what to do when PORT is no number of a port', async () => {
    const { end, lines } = await runSample({ PORT: 'nonsense' });

    expect(end).toBe(1);
    expect(lines.join('\n')).toContain('PORT is "nonsense". Give a number from 1 to 65535: PORT=3001 npm start');
    for (const text of ['0', '65536', '30.5']) expect(() => portOf(text)).toThrow(`PORT is "${text}".`);
    expect(['1', '65535'].map((text) => portOf(text))).toEqual([1, 65_535]);
  });

  it('writes no password into its files, and closes them when it is stopped, though a browser holds a connection that it has not used', async () => {
    const stopped = await startSample();
    const client = new AuthTestClient({ url: stopped.url });
    await client.signUp('secret@example.com', 'unmistakable-password-1');
    await client.signIn('secret@example.com', 'unmistakable-guess-2');
    const open = await readdir(stopped.folder);
    const contents = await Promise.all(open.map((file) => readFile(join(stopped.folder, file), 'latin1')));
    const unused = connect(stopped.port, 'localhost').on('error', () => {});
    await once(unused, 'connect');
    const filesLeft = await stopped.stop();

    expect(contents.join('')).toContain('secret@example.com');
    expect(contents.join('')).not.toContain('unmistakable');
    expect(open).toContain('sample.sqlite-wal');
    expect(filesLeft).toEqual(['sample.sqlite']);
  });
});
