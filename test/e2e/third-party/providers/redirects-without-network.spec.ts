import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AuthApp } from '../../../support/auth-app.js';
import { startThirdPartyApp } from '../../../support/third-party-app.js';
import { askForAuthorisationURL } from '../../../support/third-party-sign-in.js';

const DIRECTORY = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const secret = { keyId: 'k', teamId: 't', privateKey: 'p' };

interface Case {
  thirdPartyId: string;
  goesTo: string;
  hasPKCE: boolean;
  additionalConfig?: Record<string, string>;
  oidcDiscoveryEndpoint?: string;
}

/** Every provider that is built in, where its documentation says that browsers go. */
const cases: Case[] = [
  { thirdPartyId: 'google', goesTo: 'https://accounts.google.com/o/oauth2/v2/auth', hasPKCE: true },
  { thirdPartyId: 'google-workspaces', goesTo: 'https://accounts.google.com/o/oauth2/v2/auth', hasPKCE: true },
  {
    thirdPartyId: 'apple',
    goesTo: 'https://appleid.apple.com/auth/authorize',
    hasPKCE: false,
    additionalConfig: secret,
  },
  { thirdPartyId: 'gitlab', goesTo: 'https://gitlab.com/oauth/authorize', hasPKCE: true },
  {
    thirdPartyId: 'gitlab-own',
    goesTo: 'https://acme.example/git/oauth/authorize',
    hasPKCE: true,
    additionalConfig: { gitlabBaseUrl: 'https://acme.example/git/' },
  },
  {
    thirdPartyId: 'active-directory',
    goesTo: `https://login.microsoftonline.com/${DIRECTORY}/oauth2/v2.0/authorize`,
    hasPKCE: false,
    additionalConfig: { directoryId: DIRECTORY },
  },
  {
    thirdPartyId: 'active-directory-us',
    goesTo: `https://login.microsoftonline.us/${DIRECTORY}/oauth2/v2.0/authorize`,
    hasPKCE: false,
    oidcDiscoveryEndpoint: `https://login.microsoftonline.us/${DIRECTORY}/v2.0/.well-known/openid-configuration`,
  },
  {
    thirdPartyId: 'okta',
    goesTo: 'https://acme.okta.example/oauth2/v1/authorize',
    hasPKCE: true,
    additionalConfig: { oktaDomain: 'acme.okta.example' },
  },
  {
    thirdPartyId: 'okta-own',
    goesTo: 'https://acme.okta.example/oauth2/default/v1/authorize',
    hasPKCE: true,
    additionalConfig: { oktaDomain: 'https://acme.okta.example/oauth2/default' },
  },
  {
    thirdPartyId: 'boxy-saml',
    goesTo: 'https://saml.example/api/oauth/authorize',
    hasPKCE: false,
    additionalConfig: { boxyURL: 'https://saml.example' },
  },
  { thirdPartyId: 'bitbucket', goesTo: 'https://bitbucket.org/site/oauth2/authorize', hasPKCE: false },
  { thirdPartyId: 'discord', goesTo: 'https://discord.com/oauth2/authorize', hasPKCE: false },
  { thirdPartyId: 'facebook', goesTo: 'https://www.facebook.com/v23.0/dialog/oauth', hasPKCE: false },
  { thirdPartyId: 'github', goesTo: 'https://github.com/login/oauth/authorize', hasPKCE: false },
  { thirdPartyId: 'linkedin', goesTo: 'https://www.linkedin.com/oauth/v2/authorization', hasPKCE: false },
  { thirdPartyId: 'twitter', goesTo: 'https://x.com/i/oauth2/authorize', hasPKCE: true },
];

describe('Without a network', () => {
  const outgoing: string[] = [];
  let auth: AuthApp;

  beforeAll(async () => {
    const providers = cases.map(({ thirdPartyId, additionalConfig, oidcDiscoveryEndpoint }) => ({
      thirdPartyId,
      clients: [{ clientId: 'client-id', clientSecret: 'secret', additionalConfig }],
      ...(oidcDiscoveryEndpoint === undefined ? {} : { oidcDiscoveryEndpoint }),
    }));
    // One whose document is somewhere else than ours is still asked for it.
    const moved = {
      thirdPartyId: 'google-moved',
      oidcDiscoveryEndpoint: 'https://moved.example',
      clients: [{ clientId: 'client-id', clientSecret: 'secret' }],
    };
    auth = await startThirdPartyApp('Express', { thirdParty: { providers: [...providers, moved] } });
    const { fetch } = globalThis;
    jest.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      if (url.startsWith(auth.url)) return fetch(input, init);
      outgoing.push(url);
      throw new TypeError('there is no network');
    });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await auth.app.close();
  });

  it.each(cases)('$thirdPartyId sends browsers to $goesTo', async ({ thirdPartyId, goesTo, hasPKCE }) => {
    const answer = (await (await askForAuthorisationURL(auth.client(), { thirdPartyId })).json()) as {
      status: string;
      urlWithQueryParams: string;
      pkceCodeVerifier?: string;
    };
    expect(answer.status).toBe('OK');
    const url = new URL(answer.urlWithQueryParams);
    expect(`${url.origin}${url.pathname}`).toBe(goesTo);
    expect([url.searchParams.has('code_challenge'), answer.pkceCodeVerifier !== undefined]).toEqual([hasPKCE, hasPKCE]);
    expect(outgoing).toEqual([]);
  });

  it('a document that is configured instead of ours is asked', async () => {
    const response = await askForAuthorisationURL(auth.client(), { thirdPartyId: 'google-moved' });
    expect(await response.json()).toMatchObject({ status: 'GENERAL_ERROR' });
    expect(outgoing.splice(0)).toEqual(['https://moved.example/.well-known/openid-configuration']);
  });
});
