import type { RouteDescription } from '../../http/route-description.js';
import { flag, members, statusAnswer, text } from '../../http/route-schema.js';
import { userSchema } from '../user-schema.js';

const CALLBACK = 'https://example.com/auth/callback/google';

export const describeAuthorisationUrl: RouteDescription = {
  summary: 'Where a browser goes to sign in at a provider',
  query: {
    thirdPartyId: { description: 'The provider', example: 'google' },
    redirectURIOnProviderDashboard: { description: 'Where the provider sends the browser back to', example: CALLBACK },
    clientType: { description: 'Which client of the provider, where it has several', required: false },
  },
  answers: {
    200: [
      statusAnswer(
        'OK',
        { urlWithQueryParams: text() },
        { pkceCodeVerifier: text('To be kept, and sent with the code') },
      ),
    ],
  },
};

const redirectURIInfo = members(
  {
    redirectURIOnProviderDashboard: text('As at authorisationurl', { example: CALLBACK }),
    redirectURIQueryParams: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'The query with which the browser came back',
      example: { code: 'the code' },
    },
  },
  { pkceCodeVerifier: text('As authorisationurl answered it') },
);

const oAuthTokens = {
  ...members({}, { access_token: text(), id_token: text() }),
  description: 'At least one of them',
  additionalProperties: true,
};

const which = { thirdPartyId: text('The provider', { example: 'google' }) };
const client = { clientType: text('Which client of the provider, where it has several') };

export const describeSignInUp: RouteDescription = {
  summary: 'Signs in at a provider, and makes an account the first time',
  body: { oneOf: [members({ ...which, redirectURIInfo }, client), members({ ...which, oAuthTokens }, client)] },
  answers: {
    200: [
      statusAnswer('OK', { user: userSchema, createdNewRecipeUser: flag }),
      statusAnswer('NO_EMAIL_GIVEN_BY_PROVIDER'),
      statusAnswer('SIGN_IN_UP_NOT_ALLOWED', { reason: text() }),
    ],
  },
  session: 'starts',
};

export const describeAppleRedirect: RouteDescription = {
  summary: 'Takes the form that Apple posts, and sends the browser on to the website',
  body: members({ state: text() }, { code: text(), user: text(), error: text() }),
  answers: { 303: [] },
};
