import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EmailVerificationRecipe, ThirdPartyFunctions, Users, type ThirdPartyProviderOptions } from 'latchkey';
import type { AuthApp } from '../../support/auth-app.js';
import { FakeProvider } from '../../support/fake-provider.js';
import { onFastify } from '../../support/frameworks.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { startThirdPartyApp } from '../../support/third-party-app.js';
import { finishSignIn, startSignIn } from '../../support/third-party-sign-in.js';

const ENTRA = 'https://login.microsoftonline.com';
const [ACME, GLOBEX, PERSONAL] = [
  '8eaef023-2b34-4da1-9baa-8bc8c9d6a490',
  'f1a2b3c4-0000-4000-8000-000000000001',
  '9188040d-6c67-4c5b-b112-36a304b66dad',
];
const issuerOf = (directory: string) => `${ENTRA}/${directory}/v2.0`;
const redirect = { redirectURI: 'http://127.0.0.1:3000/auth/callback/x', query: { code: 'c' } };
const REFUSED = { status: 'GENERAL_ERROR', message: expect.stringContaining('did not succeed') };
const OTHER = {
  status: 'SIGN_IN_UP_NOT_ALLOWED',
  reason: 'This account belongs to another issuer. Please contact support.',
};

interface Answer {
  status: string;
  user?: { id: string; emails: string[] };
}

describe.each(onFastify)('Whose users a provider vouches for, on %s', (framework) => {
  let fake: FakeProvider;
  let auth: AuthApp;
  const logger = new RecordedLog();

  beforeAll(async () => {
    fake = await FakeProvider.start();
    const clients = [{ clientId: 'client-id', clientSecret: 'secret', scope: ['openid', 'email'] }];
    const settings = { oidcDiscoveryEndpoint: fake.url, clients };
    const providers: ThirdPartyProviderOptions[] = [
      { thirdPartyId: 'active-directory', ...settings, issuer: issuerOf('{tenantid}') },
      {
        thirdPartyId: 'active-directory-work',
        ...settings,
        issuer: issuerOf('{tenantid}'),
        clients: [{ ...clients[0]!, additionalConfig: { directoryId: 'organizations' } }],
      },
      { thirdPartyId: 'active-directory-acme', ...settings, issuer: issuerOf(ACME!) },
      {
        thirdPartyId: 'active-directory-moved',
        ...settings,
        issuer: issuerOf('{tenantid}'),
        formerIssuers: ['https://sts.windows.net/{tenantid}/'],
      },
      { thirdPartyId: 'google', ...settings, issuer: 'https://accounts.google.com' },
      {
        thirdPartyId: 'entra-by-hand',
        authorizationEndpoint: `${ENTRA}/${ACME}/oauth2/v2.0/authorize`,
        tokenEndpoint: `${fake.url}/token`,
        jwksURI: `${fake.url}/keys`,
        clients,
      },
      {
        thirdPartyId: 'oauth2',
        authorizationEndpoint: `${fake.url}/authorize`,
        tokenEndpoint: `${fake.url}/token`,
        userInfoEndpoint: `${fake.url}/me`,
        clients,
      },
    ];
    const recipes = [EmailVerificationRecipe.init({ mode: 'OPTIONAL' })];
    auth = await startThirdPartyApp(framework, { thirdParty: { providers }, recipes, logger });
  });
  beforeEach(() => fake.server.reset());
  afterAll(async () => {
    await auth.app.close();
    await fake.close();
  });

  async function signIn(thirdPartyId: string, claims: Record<string, unknown>, discovered?: string): Promise<Answer> {
    if (discovered !== undefined) fake.answerDiscovery({ issuer: discovered });
    const client = auth.client();
    const options = { thirdPartyId, redirectURI: redirect.redirectURI };
    const started = await startSignIn(client, options);
    const id_token = discovered === undefined ? undefined : await fake.idToken({ email: 'ada@example.com', ...claims });
    fake.server.answer('/token', { access_token: 'a', token_type: 'bearer', id_token });
    fake.server.answer('/me', { email: 'ada@example.com', ...claims });
    return (await (await finishSignIn(client, started, redirect, options)).json()) as Answer;
  }
  const multi = (directory: string | undefined, sub: string, tid: unknown = directory, id = 'active-directory') =>
    signIn(id, { sub, tid, iss: issuerOf(directory!) }, issuerOf('{tenantid}'));

  it('is any directory of Entra ID for an application of several directories, personal accounts included', async () => {
    for (const directory of [ACME, GLOBEX, PERSONAL]) {
      expect(await multi(directory, `of ${directory}`)).toMatchObject({ status: 'OK' });
    }
  });

  it.each<[string, string, unknown]>([
    ['names another directory than the issuer', ACME!, GLOBEX],
    ['names none', ACME!, undefined],
    ['names no text', ACME!, [ACME]],
    ['stays the template', '{tenantid}', '{tenantid}'],
    ['is all of them', 'common', 'common'],
  ])('is no directory where tid %s', async (_what, directory, tid) => {
    expect(await multi(directory, 'nobody', tid ?? null)).toEqual(REFUSED);
  });

  it('is one directory where one is configured', async () => {
    const one = (directory: string) =>
      signIn('active-directory-acme', { sub: '1', tid: directory, iss: issuerOf(directory) }, issuerOf(ACME!));
    expect(await one(ACME!)).toMatchObject({ status: 'OK' });
    expect(await one(GLOBEX!)).toEqual(REFUSED);
  });

  it('is one directory where its endpoints are given by hand', async () => {
    const byHand = (directory: string) =>
      signIn('entra-by-hand', { sub: directory, tid: directory, iss: issuerOf(directory) }, fake.url);
    expect(await byHand(ACME!)).toMatchObject({ status: 'OK' });
    expect(await byHand(GLOBEX!)).toEqual(REFUSED);
  });

  it('is no personal account where organizations are configured', async () => {
    expect(await multi(PERSONAL, '1', PERSONAL, 'active-directory-work')).toEqual(REFUSED);
    expect(await multi(GLOBEX, '1', GLOBEX, 'active-directory-work')).toMatchObject({ status: 'OK' });
  });

  it('is the issuer that did so first: the same id at another one is nobody', async () => {
    const { user } = await multi(ACME, 'the-same');
    expect(user).toBeDefined();
    const before = logger.warnings().length;
    expect(await multi(GLOBEX, 'the-same')).toEqual(OTHER);
    expect(logger.warnings().slice(before)).toEqual([
      expect.stringContaining(
        `provider active-directory: a sign-in by ${issuerOf(GLOBEX!)} names a user of ${issuerOf(ACME!)}, and is refused. If ` +
          `these are the same users, as after a move, list ${issuerOf(ACME!)} in formerIssuers of the provider`,
      ),
    ]);
    expect(await multi(ACME, 'the-same')).toMatchObject({ status: 'OK', user: { id: user!.id } });
  });

  it('is adopted by accounts that have none yet, and by those of a former issuer', async () => {
    const functions = auth.app.get(ThirdPartyFunctions);
    const imported = { thirdPartyId: 'active-directory-moved', email: 'ada@example.com', isVerified: false };
    const made = async (thirdPartyUserId: string, issuer?: string) => {
      const result = await functions.manuallyCreateOrUpdateUser({ ...imported, thirdPartyUserId, issuer });
      return result.status === 'OK' ? result.user.id : result.status;
    };
    const without = await made('without');
    const former = await made('former', `https://sts.windows.net/${ACME}/`);
    await made('of-another', `https://sts.windows.net/${GLOBEX}/`);
    const signInAt = (sub: string) => multi(ACME, sub, ACME, 'active-directory-moved');
    expect(await signInAt('without')).toMatchObject({ status: 'OK', user: { id: without } });
    expect(await signInAt('former')).toMatchObject({ status: 'OK', user: { id: former } });
    expect(await signInAt('of-another')).toEqual(OTHER);
    expect(await made('former', `https://sts.windows.net/${ACME}/`)).toBe('SIGN_IN_UP_NOT_ALLOWED');
  });

  it('is one issuer for both forms that Google writes it in', async () => {
    const google = 'https://accounts.google.com';
    const first = await signIn('google', { sub: '1', iss: 'accounts.google.com' }, google);
    expect(first.status).toBe('OK');
    expect(await signIn('google', { sub: '1', iss: google }, google)).toMatchObject({ user: { id: first.user!.id } });
  });

  it('is the server that told the id where there are no id tokens', async () => {
    const { user } = await signIn('oauth2', { sub: '1' });
    const identity = { thirdPartyId: 'oauth2', thirdPartyUserId: '1', email: 'eve@example.com', isVerified: true };
    const functions = auth.app.get(ThirdPartyFunctions);
    expect(await functions.manuallyCreateOrUpdateUser({ ...identity, issuer: 'https://other.example' })).toEqual(OTHER);
    expect(await functions.manuallyCreateOrUpdateUser({ ...identity, issuer: fake.url })).toMatchObject({
      status: 'OK',
    });
    expect(await auth.app.get(Users).getUser(user!.id)).toMatchObject({ emails: ['eve@example.com'] });
  });
});
