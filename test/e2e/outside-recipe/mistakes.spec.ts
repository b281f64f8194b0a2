import { describe, expect, it } from '@jest/globals';
import { type CoreOptions, defineRecipe, SessionRecipe } from 'latchkey';
import { createCoreService, readSettings } from 'latchkey/core-service';
import { type CorePart, migrateDatabase } from 'latchkey/recipe-kit';
import { checkCoreOptions } from '../../../lib/core/parts/core.options.js';
import { type AuthApp, bootError, startAuthApp } from '../../support/auth-app.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { BadgesCore, badgesPart, BadgesRecipe } from './badges/index.js';

const passwordHashing = { memoryCostKiB: 64, timeCost: 1 };

class LocalCore {}

class NoOverride {}

const start = (core: CoreOptions, options: Parameters<typeof BadgesRecipe.init>[0] = {}) =>
  startAuthApp('Express', { auth: { core, recipeList: [SessionRecipe.init(), BadgesRecipe.init(options)] } });

describe('A mistake with a recipe from elsewhere', () => {
  const sqlite: CoreOptions = { sqlite: ':memory:', passwordHashing };

  it.each<[string, () => Promise<AuthApp>, string]>([
    [
      'an option out of its range',
      () => start({ ...sqlite, badgeLifetimeDays: 0 }),
      'AuthModule core: option badgeLifetimeDays is 0. Give a whole number of days from 1 to 3650.',
    ],
    [
      'an option that its own check refuses',
      () => start(sqlite, { colours: [] }),
      'BadgesRecipe.init: option colours is empty. Give at least one colour.',
    ],
    [
      'an override of something else',
      () => start(sqlite, { override: { apis: NoOverride as never } }),
      'BadgesRecipe override.apis is NoOverride, which does not extend BadgesApi.',
    ],
    [
      'a recipe that it needs',
      () => startAuthApp('Express', { auth: { core: sqlite, recipeList: [BadgesRecipe.init()] } }),
      'AuthModule: recipeList has BadgesRecipe, which needs the recipe session. Add SessionRecipe.init()',
    ],
    [
      'a core elsewhere that its part cannot speak to',
      () => {
        const LocalRecipe = defineRecipe({
          id: 'local',
          name: 'LocalRecipe',
          api: class LocalApi {},
          functions: class LocalFunctions {},
          routes: {},
          config: Symbol('local.config'),
          normalise: (options: object) => options,
          coreParts: [{ id: 'local', port: LocalCore, embedded: () => new LocalCore() }],
        });
        const core = { connectionURI: 'http://127.0.0.1:1' };
        return startAuthApp('Express', { auth: { core, recipeList: [LocalRecipe.init()] } });
      },
      'A core in another process has no LocalCore. Use core: { postgres } or { sqlite }, or remove what needs it',
    ],
    [
      'its option where the core is elsewhere',
      () => start({ connectionURI: 'http://127.0.0.1:1', badgeLifetimeDays: 1 } as CoreOptions),
      'AuthModule core: option badgeLifetimeDays is for a core in this process.',
    ],
  ])('is told by its own names: %s', async (_, boot, message) => {
    expect((await bootError(boot)).message).toContain(message);
  });

  it('is told where its tables are to be made before: and they are, by a call', async () => {
    const folder = await temporaryFolder();
    const database = { sqlite: folder.path('auth.sqlite') };
    const check: CoreOptions = { ...database, passwordHashing, migrations: 'check' };

    expect((await bootError(() => start(check))).message).toMatch(
      /lack 0001-initial, .*badge\/0001-badges, and migrations is 'check'\. Run: npx latchkey migrate up .* --recipes </,
    );
    await migrateDatabase(database, [badgesPart]);
    const app = await start(check);
    expect(await app.app.get(BadgesCore, { strict: false }).getBadge('nobody')).toBeUndefined();

    await app.app.close();
    await folder.remove();
  });

  it('is told where the core service has no controller of the recipe', async () => {
    const service = await createCoreService({ database: { sqlite: ':memory:' }, logLevel: 'off' });
    await service.listen(0, '127.0.0.1');
    const app = await start({ connectionURI: await service.getUrl() });

    await expect(app.app.get(BadgesCore, { strict: false }).getBadge('nobody')).rejects.toThrow(
      /leads to no core, or to one without this route\..* the part and the controller of the recipe: GET /,
    );

    await app.app.close();
    await service.close();
  });

  const badgeDays = badgesPart.options!.badgeLifetimeDays!;
  const twinDays = { ...badgeDays, environment: 'TWIN_DAYS' };

  it.each<[string, object, string]>([
    [
      'an option of two parts',
      {},
      'The core part twin has badgeLifetimeDays, and so has the core part badge. Give it another one.',
    ],
    [
      'a variable of two parts',
      { options: { twinDays: badgeDays } },
      'twin has BADGE_LIFETIME_DAYS, and so has the core',
    ],
    [
      'a key for drivers that is one of ours',
      { options: { twinDays: { ...twinDays, coreConfig: { key: 'access_token_validity', of: 'app' } } } },
      'The core part twin has access_token_validity, and so has Latchkey itself. Give it another one.',
    ],
    [
      'a port of two parts',
      { port: BadgesCore, options: {} },
      'twin has the port BadgesCore, and so has the core part badge.',
    ],
    ['an id of ours', { id: 'thirdparty' }, 'Two core parts have the id thirdparty. Give one of them another id.'],
    [
      'an option without its unit',
      { options: { port: twinDays } },
      'The core part twin has the option port, in days. Give it a name that ends with its unit.',
    ],
    [
      'a default out of range',
      { options: { twinDays: { ...twinDays, default: 0 } } },
      'The core part twin: the default of twinDays is 0. Give one from 1 to 3650.',
    ],
    [
      'a part without a port',
      { port: undefined },
      'The core part twin: option port is missing. Give an abstract class.',
    ],
    [
      'an option without a unit',
      { options: { twinDays: { ...twinDays, unit: undefined } } },
      'The core part twin: option options.twinDays.unit is missing. Give its unit, such as seconds.',
    ],
  ])('is told before anything is opened: %s', async (_, changes, message) => {
    const twin = { ...badgesPart, id: 'twin', port: class Twin {}, ...changes } as CorePart;
    const options = { database: { sqlite: ':memory:' }, logLevel: 'off', parts: [badgesPart, twin] } as const;
    const failure = await createCoreService(options).then(String, (error: Error) => error.message);

    expect(failure).toContain(message);
  });

  it('is told of one part in two recipes', async () => {
    const options = { database: { sqlite: ':memory:' }, logLevel: 'off', parts: [badgesPart, badgesPart] } as const;
    await expect(createCoreService(options)).rejects.toThrow(
      'The core part badge is in coreParts of two recipes. Leave it in one, and name BadgesCore in ports of the other.',
    );
  });

  it('is told of an option that bears the name of a setting', async () => {
    const having = (options: CorePart['options']) => [{ ...badgesPart, options }];
    expect(() => checkCoreOptions(sqlite, having({ timeoutMs: { ...badgeDays, unit: 'ms' } }))).toThrow(
      'The core part badge has timeoutMs, and so has Latchkey itself. Give it another one.',
    );
    await expect(
      readSettings(undefined, {}, having({ badgeDays: { ...badgeDays, environment: 'PORT' } })),
    ).rejects.toThrow('The core part badge has PORT, and so has Latchkey itself. Give it another one.');
  });

  it('reads its option from the environment of a core service', async () => {
    const settings = await readSettings(undefined, { BADGE_LIFETIME_DAYS: '7' }, [badgesPart]);
    expect(settings.engine).toMatchObject({ badgeLifetimeDays: 7 });
    await expect(readSettings(undefined, { BADGE_LIFETIME_DAYS: '0' }, [badgesPart])).rejects.toThrow(
      'Core service: option badgeLifetimeDays is "0". Give a whole number of days from 1 to 3650, by BADGE_LIFETIME_DAYS',
    );
  });
});
