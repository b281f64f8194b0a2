import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmailPasswordRecipe, SessionRecipe, ThirdPartyRecipe } from 'latchkey';
import { cookiesSet } from '../../support/answers.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';
import { sendRaw } from '../../support/raw-request.js';

const FORM = 'application/x-www-form-urlencoded';
const posts = ['signup', 'signin', 'session/refresh', 'signout', 'user/password/reset/token', 'signinup'];

const appInfo = {
  appName: 'Test',
  apiDomain: 'https://api.example.com',
  websiteDomain: 'https://www.example.com',
  allowedOrigins: ['https://admin.example.com', 'https://*.shops.example.com', 'capacitor://localhost'],
};

const refused: [string, Record<string, string>][] = [
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['another site, from a browser that says no more', { origin: 'https://evil.example' }],
  ['a sibling subdomain', { origin: 'https://user-content.example.com', 'sec-fetch-site': 'same-site' }],
  ['the website over http', { origin: 'http://www.example.com' }],
  ['another port of the website', { origin: 'https://www.example.com:8443' }],
  ['a name that begins like it', { origin: 'https://www.example.com.evil.example' }],
  ['the parent of a wildcard', { origin: 'https://shops.example.com' }],
  ['a name that ends like a wildcard', { origin: 'https://evilshops.example.com' }],
  ['a wildcard itself', { origin: 'https://*.shops.example.com' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['no origin, but a page of another site', { 'sec-fetch-site': 'cross-site' }],
  ['no origin, but a page of a sibling', { 'sec-fetch-site': 'same-site' }],
  ['nonsense', { origin: 'https://www.example.com, https://evil.example' }],
];

const accepted: [string, Record<string, string>][] = [
  ['a mobile app or a server, which say nothing', {}],
  ['the website', { origin: 'https://www.example.com', 'sec-fetch-site': 'same-site' }],
  ['the API itself', { origin: 'https://api.example.com', 'sec-fetch-site': 'same-origin' }],
  ['an allowed origin', { origin: 'https://admin.example.com' }],
  ['a host below a wildcard', { origin: 'https://one.shops.example.com', 'sec-fetch-site': 'same-site' }],
  ['an allowed app', { origin: 'capacitor://localhost', 'sec-fetch-site': 'cross-site' }],
  ['a page of this very host that hides its origin', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
];

describe.each(frameworks)('Requests of other origins on %s', (framework) => {
  let auth: AuthApp;
  let local: AuthApp;
  beforeAll(async () => {
    const recipeList = [
      SessionRecipe.init({ getTokenTransferMethod: () => 'cookie' }),
      EmailPasswordRecipe.init(),
      ThirdPartyRecipe.init(),
    ];
    auth = await startAuthApp(framework, { auth: { appInfo, recipeList } });
    local = await startAuthApp(framework, {
      auth: { appInfo: { ...appInfo, apiDomain: 'localhost:3000', websiteDomain: 'localhost:3001' } },
    });
  });
  afterAll(() => Promise.all([auth.app.close(), local.app.close()]));

  const post = (path: string, headers: Record<string, string>, { url } = auth) =>
    fetch(`${url}/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });

  it.each(refused)('%s: refused at every route, with the fix and without a cookie', async (_who, headers) => {
    for (const path of posts) {
      const response = await post(path, headers);
      expect([path, response.status]).toEqual([path, 403]);
      expect(await response.json()).toEqual({
        message: expect.stringMatching(/^Requests from .+ appInfo\.allowedOrigins/),
      });
      expect(cookiesSet(response)).toEqual([]);
    }
  });

  it.each(accepted)('%s: accepted', async (_who, headers) => {
    for (const path of posts) expect((await post(path, headers)).status).not.toBe(403);
  });

  it('on a developer’s machine localhost and 127.0.0.1 are one, and so is the host itself over http', async () => {
    const status = async (origin: string) => (await post('signout', { origin }, local)).status;
    expect(await status('http://127.0.0.1:3001')).toBe(200);
    expect(await status('http://[::1]:3000')).toBe(200);
    expect(await status(local.url)).toBe(200);
    expect(await status('http://127.0.0.1:1')).toBe(403);
    expect(await status('https://localhost:3001')).toBe(403);
  });

  it('forms are read at no route but that of Apple, which every origin may call', async () => {
    const email = newEmail();
    await auth.client().signUp(email, PASSWORD);
    for (const body of [
      `email=${email}&password=${PASSWORD}`,
      `formFields[0][id]=email&formFields[0][value]=${email}`,
    ]) {
      const answer = await sendRaw(auth.url, {
        method: 'POST',
        path: '/auth/signin',
        body,
        headers: { 'content-type': FORM },
      });
      expect([answer.status, answer.json]).toEqual([
        400,
        { message: 'Send application/json: forms are not taken here' },
      ]);
    }
    const state = Buffer.from(JSON.stringify({ frontendRedirectURI: 'https://www.example.com/cb' })).toString('base64');
    const apple = await fetch(`${auth.url}/auth/callback/apple`, {
      method: 'POST',
      headers: { 'content-type': FORM, origin: 'https://appleid.apple.com', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ state, code: 'c' }),
      redirect: 'manual',
    });
    expect([apple.status, apple.headers.get('location')]).toEqual([
      303,
      expect.stringMatching(/^https:\/\/www\.example\.com\/cb\?.*code=c/),
    ]);
  });

  it('a refresh without tokens clears no cookie, even where a browser says nothing of origins', async () => {
    const response = await fetch(`${auth.url}/auth/session/refresh`, { method: 'POST' });
    expect([response.status, cookiesSet(response)]).toEqual([401, []]);
  });

  it('keys and discovery may be read from everywhere, whatever the CORS settings say', async () => {
    const strict = await startAuthApp(framework, {
      configure: (app) => app.enableCors({ origin: ['https://www.example.com'], credentials: true }),
    });
    try {
      for (const path of ['jwt/jwks.json', '.well-known/openid-configuration']) {
        const response = await fetch(`${strict.url}/auth/${path}`, { headers: { origin: 'https://any.example' } });
        expect(response.headers.get('access-control-allow-origin')).toBe('*');
        expect(response.headers.get('access-control-allow-credentials')).toBeNull();
      }
    } finally {
      await strict.app.close();
    }
  });
});
