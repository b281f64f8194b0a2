import { describe, expect, it } from '@jest/globals';
import { appInfo, authModule } from '../../support/auth-app.js';
import { bootMessage } from '../../support/boot-message.js';

const withSession = (session: object) => () => authModule({ session });
const withEmailPassword = (emailPassword: object) => () => authModule({ emailPassword });
const withFields = (...formFields: object[]) => withEmailPassword({ signUpFeature: { formFields } });

describe('A mistake in the options of a recipe names the option, its value and the fix', () => {
  it.each<[string, () => unknown, string]>([
    // SessionRecipe
    [
      'a misspelt antiCsrf',
      withSession({ antiCsrf: 'VIA_HEADER' }),
      `SessionRecipe.init: option antiCsrf is "VIA_HEADER". Give 'NONE', 'VIA_CUSTOM_HEADER' or 'VIA_TOKEN'.`,
    ],
    [
      'an unknown option',
      withSession({ cookieDomian: '.example.com' }),
      'SessionRecipe.init: there is no option cookieDomian. Remove it, or correct its name.',
    ],
    [
      'a cookieDomain with a scheme',
      withSession({ cookieDomain: 'https://example.com' }),
      'SessionRecipe.init: option cookieDomain is "https://example.com". Give a host name such as .example.com.',
    ],
    [
      'a status code below 400',
      withSession({ sessionExpiredStatusCode: 200 }),
      'SessionRecipe.init: option sessionExpiredStatusCode is 200. Give an HTTP status code from 400 to 599.',
    ],
    [
      'a status code as text',
      withSession({ invalidClaimStatusCode: '403' }),
      'SessionRecipe.init: option invalidClaimStatusCode is "403". Give an HTTP status code from 400 to 599.',
    ],
    [
      'one status code for two cases',
      withSession({ sessionExpiredStatusCode: 403 }),
      'SessionRecipe.init: sessionExpiredStatusCode and invalidClaimStatusCode are both 403, but clients tell the two cases apart by them. Give two different codes.',
    ],
    [
      'cookieSameSite in capitals',
      withSession({ cookieSameSite: 'None' }),
      `SessionRecipe.init: option cookieSameSite is "None". Give 'strict', 'lax' or 'none'.`,
    ],
    [
      'cookies that no browser keeps, because they are not Secure',
      () =>
        authModule({
          session: { cookieSameSite: 'none', cookieSecure: false },
          auth: { appInfo: { ...appInfo, apiDomain: 'https://api.example.com' } },
        }),
      "SessionRecipe.init: option cookieSameSite is 'none', but cookieSecure is false, and browsers drop such cookies " +
        'unless they are Secure. Serve the API over https, and do not set cookieSecure to false.',
    ],
    [
      'cookies that no browser keeps, because there is no https',
      () =>
        authModule({
          session: { cookieSameSite: 'none' },
          auth: { appInfo: { ...appInfo, apiDomain: 'http://api.example.com' } },
        }),
      "SessionRecipe.init: option cookieSameSite is 'none', but apiDomain is http://api.example.com, and browsers drop",
    ],
    [
      'an unknown error handler',
      withSession({ errorHandlers: { onUnauthorized() {} } }),
      'SessionRecipe.init: there is no option errorHandlers.onUnauthorized. Remove it, or correct its name.',
    ],
    [
      'an error handler that is not a function',
      withSession({ errorHandlers: { onUnauthorised: 401 } }),
      'SessionRecipe.init: option errorHandlers.onUnauthorised is 401. Give a function.',
    ],
    [
      'options that are no object',
      () => authModule({ session: 7 as never }),
      'SessionRecipe.init: the options are 7. Give an object.',
    ],
    [
      'an override that is no object',
      withSession({ override: null }),
      'SessionRecipe.init: option override is null. Give { apis, functions }.',
    ],
    [
      'an override as a class',
      withSession({ override: class {} }),
      'SessionRecipe.init: option override is a function. Give { apis, functions }.',
    ],
    // EmailPasswordRecipe
    [
      'a field twice',
      withFields({ id: 'name' }, { id: 'name' }),
      'EmailPasswordRecipe.init: the field name of signUpFeature.formFields is given twice. Give each id once.',
    ],
    [
      'an optional email',
      withFields({ id: 'email', optional: true }),
      'EmailPasswordRecipe.init: the field email of signUpFeature.formFields cannot be optional. Remove optional.',
    ],
    [
      'an empty id',
      withFields({ id: '' }),
      'EmailPasswordRecipe.init: option signUpFeature.formFields[0].id is "". Give an id of letters, digits, dots and dashes.',
    ],
    [
      'a validator that is not a function',
      withFields({ id: 'name' }, { id: 'age', validate: /\d/ }),
      'EmailPasswordRecipe.init: option signUpFeature.formFields[1].validate is /\\d/. Give a function that returns what is wrong, or undefined.',
    ],
  ])('%s', async (_mistake, module, message) => {
    expect(await bootMessage(module)).toContain(message);
  });
});
