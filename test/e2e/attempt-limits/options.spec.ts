import { describe, expect, it } from '@jest/globals';
import { AttemptLimits, AuthModule, defineRecipe, SessionRecipe, type AuthModuleOptions } from 'latchkey';
import { appInfo, authModule, bootError, startAuthApp } from '../../support/auth-app.js';
import { bootMessage } from '../../support/boot-message.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { ScriptedCore } from '../../support/scripted-core.js';

const withLimits = (attemptLimits: unknown) => () =>
  authModule({ auth: { attemptLimits } as Partial<AuthModuleOptions> });

class PingApi {
  async pingGET(_input: { options: never }) {
    return { status: 'OK' as const };
  }
}

const definition = {
  id: 'ping',
  name: 'PingRecipe',
  api: PingApi,
  functions: class PingFunctions {},
  routes: { pingGET: { method: 'GET' as const, paths: ['ping'], attempt: { action: 'ping' }, input: () => ({}) } },
  config: Symbol('ping'),
  normalise: () => ({}),
};
const rates = { address: [{ attempts: 1, seconds: 1 }] };

describe('A mistake in attemptLimits names the option, its value and the fix', () => {
  it.each<[string, () => unknown, string]>([
    [
      'an action that no recipe has',
      withLimits({ actions: { signin: false } }),
      'AuthModule attemptLimits: no recipe of recipeList has the action signin. Give actions of refresh, signIn, signUp, ' +
        'emailExists, passwordResetMail, passwordReset, formerPassword, or remove it.',
    ],
    [
      'a rate without attempts',
      withLimits({ actions: { signIn: { account: [{ attempts: 0, seconds: 1 }] } } }),
      'AuthModule attemptLimits: option actions.signIn.account[0].attempts is 0. Give a whole number of attempts from 1 to 1000000.',
    ],
    [
      'an answer that nobody knows',
      withLimits({ answer: 503 }),
      "AuthModule attemptLimits: option answer is 503. Give 'GENERAL_ERROR' or 429.",
    ],
    [
      'a proxy by its host name',
      withLimits({ trustedProxies: ['proxy.example.com'] }),
      'AuthModule attemptLimits: option trustedProxies[0] is "proxy.example.com". Give an address such as ' +
        "'10.0.0.0/8', or 'loopback', 'linklocal' or 'uniquelocal'.",
    ],
    [
      'another option',
      withLimits({ limit: 3 }),
      'AuthModule attemptLimits: there is no option limit. Remove it, or correct its name.',
    ],
    [
      'a class of something else',
      withLimits({ override: class Other {} }),
      'AuthModule attemptLimits.override is Other, which does not extend AttemptLimits. Write class Mine extends AttemptLimits ' +
        '{ … } and override its methods.',
    ],
    [
      'a route whose action is not declared',
      () => defineRecipe(definition),
      'defineRecipe PingRecipe: a route counts attempts of ping, whose rates are missing. ' +
        'Add attempts: { ping: { address: [{ attempts, seconds }] } }.',
    ],
    [
      'an action that another recipe has',
      () => {
        const Ping = defineRecipe({ ...definition, attempts: { ping: rates, refresh: rates } });
        return AuthModule.forRoot({ appInfo, recipeList: [SessionRecipe.init(), Ping.init()] });
      },
      'AuthModule: SessionRecipe and PingRecipe both have attempts.refresh. Give it another name in one of them.',
    ],
  ])('%s', async (_, create, message) => {
    expect(await bootMessage(create)).toBe(message);
  });

  it('a method that overrides nothing', async () => {
    class Misspelt extends AttemptLimits {
      async getRate() {
        return {};
      }
    }
    const { message } = await bootError(() =>
      startAuthApp('Express', { auth: { attemptLimits: { override: Misspelt } } }),
    );
    expect(message).toBe(
      'AuthModule attemptLimits.override: Misspelt.getRate overrides nothing: AttemptLimits has no such method. ' +
        'Did you mean getRates?',
    );
  });
});

it.each([
  [{}, 1],
  [false as const, 0],
])(
  'over a core that counts nothing for us each replica counts alone, and says so: %j',
  async (attemptLimits, notes) => {
    const logger = new RecordedLog();
    const foreign = await ScriptedCore.start(() => ({ status: 404, body: 'Not found' }));
    const core = { connectionURI: foreign.url };
    const { app } = await startAuthApp('Express', { logger, auth: { core, attemptLimits } });
    const limits = app.get(AttemptLimits, { strict: false });
    const count = () => limits.count({ action: 'signIn', tenantId: 'public', account: 'ada@example.com' });
    for (let time = 0; time < 10; time++) await count();
    if (notes > 0) await expect(count()).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    await app.close();
    await foreign.close();
    expect(logger.lines.filter(({ text }) => text.includes('counts no attempts for us'))).toHaveLength(notes);
  },
);
