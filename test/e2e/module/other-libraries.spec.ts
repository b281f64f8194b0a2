import { describe, expect, it } from '@jest/globals';
import { AuthModule, EmailVerificationRecipe, SessionRecipe, ThirdPartyRecipe, type Recipe } from 'latchkey';
import { appInfo, authModule } from '../../support/auth-app.js';
import { bootMessage } from '../../support/boot-message.js';
import { testCore } from '../../support/test-core.js';

const clients = [{ clientId: 'id', clientSecret: 'secret' }];
const closure = (original: object) => ({ ...original });

const withRoot = (options: object) => () => authModule({ auth: options });
const withSession = (session: object) => () => authModule({ session });
const withEmailPassword = (emailPassword: object) => () => authModule({ emailPassword });
const withRecipe = (recipe: () => Recipe) => () =>
  AuthModule.forRoot({ appInfo, core: testCore, recipeList: [SessionRecipe.init(), recipe()] });
const withThirdParty = (options: object) => withRecipe(() => ThirdPartyRecipe.init(options));

describe('An option of another library stops the boot, and the message names what replaces it', () => {
  it.each<[string, () => unknown, RegExp]>([
    // supertokens-node 24
    [
      'supertokens',
      withRoot({ supertokens: { connectionURI: 'http://localhost:3567', apiKey: 'hunter2' } }),
      /^AuthModule\.forRoot: there is no option supertokens\. Give core: \{ connectionURI, apiKey \}/,
    ],
    ['framework', withRoot({ framework: 'express' }), /no option framework\. Remove it: Nest tells/],
    ['origin', withRoot({ appInfo: { ...appInfo, origin: 'x' } }), /no option appInfo\.origin\. Give websiteDomain/],
    [
      'recipes made by init of supertokens-node',
      withRoot({ recipeList: [() => ({})] }),
      /^AuthModule: recipeList\[0\] is not a recipe\. A function is what init of supertokens-node returns: import SessionRecipe/,
    ],
    [
      'recipeList in what useFactory returns',
      () =>
        AuthModule.forRootAsync({
          recipeList: [],
          useFactory: () => ({ appInfo, core: testCore, recipeList: [] }) as never,
        }),
      /no option recipeList\. Give recipeList beside appInfo in forRoot, or beside useFactory/,
    ],
    [
      'signInAndUpFeature',
      withThirdParty({ signInAndUpFeature: { providers: [] } }),
      /no option signInAndUpFeature\. Give what is in it directly: ThirdPartyRecipe\.init\(\{ providers/,
    ],
    [
      'a provider in config',
      withThirdParty({ providers: [{ config: { thirdPartyId: 'google', clients } }] }),
      /providers\[0\]: there is no option config\. Give what is in it directly, as the provider/,
    ],
    [
      'an empty clientSecret',
      withThirdParty({ providers: [{ thirdPartyId: 'google', clients: [{ clientId: 'id', clientSecret: '' }] }] }),
      /option clients\[0\]\.clientSecret is ""\. Leave clientSecret out where the provider has given you none/,
    ],
    [
      'overwriteSessionDuringSignIn',
      withSession({ overwriteSessionDuringSignIn: true }),
      /no option overwriteSessionDuringSignIn\. Remove it: signing in always replaces/,
    ],
    [
      'emailDelivery in a recipe',
      withEmailPassword({ emailDelivery: { service: {} } }),
      /^EmailPasswordRecipe\.init: there is no option emailDelivery\. Give it once, to the module: AuthModule\.forRoot/,
    ],
    [
      'emailDelivery in EmailVerification',
      withRecipe(() => EmailVerificationRecipe.init({ mode: 'OPTIONAL', emailDelivery: {} } as never)),
      /^EmailVerificationRecipe\.init: there is no option emailDelivery\. Give it once/,
    ],
    [
      'a service in emailDelivery',
      withRoot({ emailDelivery: { service: {} } }),
      /^AuthModule emailDelivery is an object with service\. Give \{ smtp: \{ host, port, auth, from \} \}/,
    ],
    [
      'closures over functions',
      withEmailPassword({ override: { functions: closure } }),
      /override\.functions is a function that is not a class, .* extends EmailPasswordFunctions .*super\.signUp\(input\) where/,
    ],
    [
      'closures over apis',
      withSession({ override: { apis: closure } }),
      /override\.apis is a function that is not a class, .* extends SessionApi .*A closure of supertokens-node becomes/,
    ],
    [
      'jwksRefreshIntervalSec',
      withSession({ jwksRefreshIntervalSec: 60 }),
      /no option jwksRefreshIntervalSec\. Remove it/,
    ],
    [
      'a client without a list',
      withThirdParty({ providers: [{ thirdPartyId: 'google', clientId: 'id', clientSecret: 'hunter2' }] }),
      /no option clientId\. Give what belongs to a client in a list: .*\n.*no option clientSecret\. Give what belongs/,
    ],
    // better-auth 1.7
    [
      'emailAndPassword',
      withRoot({ emailAndPassword: { enabled: true } }),
      /no option emailAndPassword\. Add EmailPasswordRecipe\.init\(\) to recipeList/,
    ],
    [
      'socialProviders',
      withRoot({ socialProviders: { google: { clientId: 'id', clientSecret: 'hunter2' } } }),
      /no option socialProviders\. Add ThirdPartyRecipe\.init\(\{ providers/,
    ],
    ['database', withRoot({ database: {} }), /no option database\. Give core: \{ postgres/],
    ['database of the core', withRoot({ core: { database: 'x' } }), /no option database\. Give core: \{ postgres/],
    ['secret', withRoot({ secret: 'hunter2' }), /no option secret\. Remove it: tokens are signed with keys/],
    [
      'trustedOrigins',
      withRoot({ trustedOrigins: [] }),
      /no option trustedOrigins\. Give appInfo: \{ allowedOrigins \}/,
    ],
    [
      'requireEmailVerification',
      withEmailPassword({ requireEmailVerification: true }),
      /no option requireEmailVerification\. Add EmailVerificationRecipe\.init\(\{ mode: 'REQUIRED' \}\)/,
    ],
    ['expiresIn', withSession({ expiresIn: 60 }), /no option expiresIn\. Give core: \{ accessTokenLifetimeSeconds/],
    // Passport
    [
      'clientID',
      withThirdParty({ providers: [{ thirdPartyId: 'google', clients: [{ clientID: 'id' }] }] }),
      /no option clients\[0\]\.clientID\. Write clientId\./,
    ],
    [
      'callbackURL',
      withThirdParty({ providers: [{ thirdPartyId: 'google', clients, callbackURL: 'https://x' }] }),
      /no option callbackURL\. Remove it: the frontend says where/,
    ],
    [
      'usernameField',
      withEmailPassword({ usernameField: 'email' }),
      /no option usernameField\. Remove it: clients send/,
    ],
  ])('%s', async (_what, module, expected) => {
    const message = await bootMessage(module);
    expect(message).toMatch(expected);
    expect(message).not.toMatch('hunter2');
  });
});
