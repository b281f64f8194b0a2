import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuthTestClient, formFields } from './auth-test-client.js';

interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

describe('AuthTestClient', () => {
  let server: Server;
  let url: string;
  let received: Received[];
  let answer: Record<string, string | string[]>;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        received.push({ method, url: path, headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(200, answer).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    received = [];
    answer = {};
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const inHeaders = {
    'st-access-token': 'access',
    'st-refresh-token': 'refresh',
    'front-token': 'front',
    'anti-csrf': 'csrf',
  };

  it('sends sign-up, sign-in and sign-out as the clients do', async () => {
    const client = new AuthTestClient({ url: `${url}/` });
    await client.signUp('a@example.com', 'pass 1');
    await client.signIn('a@example.com', 'pass 1');
    await client.signOut();
    expect(received.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
      'POST /auth/signup',
      'POST /auth/signin',
      'POST /auth/signout',
    ]);
    const fields = [
      { id: 'email', value: 'a@example.com' },
      { id: 'password', value: 'pass 1' },
    ];
    expect(received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { formFields: fields },
      { formFields: fields },
      {},
    ]);
    expect(received[0]!.headers).toMatchObject({
      'content-type': 'application/json',
      rid: 'session',
      'st-auth-mode': 'header',
    });
    expect(received[0]!.headers).not.toHaveProperty('authorization');
    expect(received[0]!.headers).not.toHaveProperty('cookie');
  });

  it('uses another base path where told to', async () => {
    await new AuthTestClient({ url, apiBasePath: '/api/v1/auth' }).signIn('a@example.com', 'pass 1');
    expect(received[0]!.url).toBe('/api/v1/auth/signin');
  });

  it('keeps the tokens of a response and sends them with the next request', async () => {
    const client = new AuthTestClient({ url });
    answer = inHeaders;
    await client.signIn('a@example.com', 'pass 1');
    expect(client.tokens).toEqual({
      accessToken: 'access',
      refreshToken: 'refresh',
      frontToken: 'front',
      antiCsrf: 'csrf',
    });
    answer = { 'st-access-token': 'newer', 'front-token': 'front 2' };
    await client.get('/me');
    expect(received[1]!.headers).toMatchObject({ authorization: 'Bearer access', 'anti-csrf': 'csrf' });
    expect(client.tokens).toMatchObject({ accessToken: 'newer', refreshToken: 'refresh' });
  });

  it('sends the refresh token, not the access token, to refresh', async () => {
    const client = new AuthTestClient({ url });
    client.tokens = { accessToken: 'access', refreshToken: 'refresh' };
    await client.refresh();
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/auth/session/refresh',
      headers: { authorization: 'Bearer refresh' },
    });
  });

  it('forgets everything when it is told to remove the front token', async () => {
    const client = new AuthTestClient({ url });
    client.tokens = { accessToken: 'access', refreshToken: 'refresh' };
    answer = { 'front-token': 'remove', 'st-access-token': '', 'st-refresh-token': '' };
    await client.signOut();
    expect(client.tokens).toEqual({});
    await client.get('/me');
    expect(received[1]!.headers).not.toHaveProperty('authorization');
  });

  it('with cookies asks for them, keeps them, and sends each to its path only', async () => {
    const client = new AuthTestClient({ url, transferMethod: 'cookie' });
    answer = { 'set-cookie': ['sAccessToken=a; Path=/', 'sRefreshToken=r; Path=/auth/session/refresh'] };
    await client.signIn('a@example.com', 'pass 1');
    expect(received[0]!.headers['st-auth-mode']).toBe('cookie');
    answer = {};
    await client.get('/me?x=1');
    await client.refresh();
    expect(received[1]!.headers.cookie).toBe('sAccessToken=a');
    expect(received[2]!.headers.cookie).toBe('sAccessToken=a; sRefreshToken=r');
    expect(client.cookies.get('sRefreshToken')).toBe('r');
  });

  it('lets headers that a test gives win over its own', async () => {
    const client = new AuthTestClient({ url });
    client.tokens = { accessToken: 'access' };
    await client.get('/me', { headers: { authorization: 'Bearer forged', rid: 'other', 'st-auth-mode': 'cookie' } });
    expect(received[0]!.headers).toMatchObject({
      authorization: 'Bearer forged',
      rid: 'other',
      'st-auth-mode': 'cookie',
    });
  });

  it('sends one request for each call', async () => {
    const client = new AuthTestClient({ url });
    client.tokens = { accessToken: 'access', refreshToken: 'refresh' };
    await client.post('/me', { a: 1 });
    expect(received).toHaveLength(1);
  });

  it('makes form fields of values, in their order', () => {
    expect(formFields({ email: 'a@example.com', name: '' })).toEqual({
      formFields: [
        { id: 'email', value: 'a@example.com' },
        { id: 'name', value: '' },
      ],
    });
  });
});
