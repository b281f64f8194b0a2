import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppsCore } from '../../lib/core/apps.core.js';
import { BadInputError } from '../../lib/core/auth.error.js';
import { type PersistentCoreUnderTest } from './cores.js';
import { persistentEmbeddedCores } from './cores.js';

describe.each(persistentEmbeddedCores)('apps: $name', ({ create }) => {
  let tested: PersistentCoreUnderTest;
  let apps: AppsCore;

  beforeAll(async () => {
    tested = await create();
    apps = tested.core.port(AppsCore);
  });
  afterAll(() => tested.close());

  it('registers an app once, however many processes ask for it at a time', async () => {
    const there = (await tested.openAnother()).port(AppsCore);
    expect(await apps.getApp('one')).toBeUndefined();
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, number) =>
        (number % 2 ? there : apps).createOrUpdateApp({ appId: 'one', coreConfig: { [`key${number}`]: number } }),
      ),
    );
    expect(results.filter(({ createdNew }) => createdNew)).toHaveLength(1);
    const app = await there.getApp('one');
    expect(app).toMatchObject({ appId: 'one', createdAtMs: tested.clock.now() });
    expect(Object.keys(app!.coreConfig)).toHaveLength(10);
  });

  it('merges the configuration, and removes by null', async () => {
    expect(await apps.createOrUpdateApp({ appId: 'two', coreConfig: { a: 1, b: 2, c: null } })).toEqual({
      status: 'OK',
      createdNew: true,
    });
    await apps.createOrUpdateApp({ appId: 'two', coreConfig: { b: null, d: '3' } });
    expect(await apps.createOrUpdateApp({ appId: 'two' })).toEqual({ status: 'OK', createdNew: false });
    expect(await apps.getApp('two')).toMatchObject({ coreConfig: { a: 1, d: '3' } });
    expect((await apps.getApp('two'))?.coreConfig).toEqual({ a: 1, d: '3' });
  });

  it('lists them in the order they were made in, and forgets one that is removed', async () => {
    tested.clock.moveSeconds(1);
    await apps.createOrUpdateApp({ appId: 'a-later-one' });
    expect((await apps.listApps()).at(-1)).toMatchObject({ appId: 'a-later-one', coreConfig: {} });
    expect(await apps.removeApp('a-later-one')).toEqual({ status: 'OK', didExist: true });
    expect(await apps.removeApp('a-later-one')).toEqual({ status: 'OK', didExist: false });
    expect((await apps.listApps()).map(({ appId }) => appId)).not.toContain('a-later-one');
  });

  it.each(['', 'public', 'Public', 'a_b', 'a/b', '..', 'a.b', 'ä', 'a\n', '\u0000', 'x'.repeat(37), 5, null])(
    'refuses the app id %p',
    async (appId) => {
      const before = await apps.listApps();
      await expect(apps.createOrUpdateApp({ appId: appId as string })).rejects.toThrow(BadInputError);
      expect(await apps.getApp(appId as string)).toBeUndefined();
      expect(await apps.removeApp(appId as string)).toEqual({ status: 'OK', didExist: false });
      expect(await apps.listApps()).toEqual(before);
    },
  );

  it('refuses a configuration that is not JSON', async () => {
    await expect(apps.createOrUpdateApp({ appId: 'bad', coreConfig: [] as never })).rejects.toThrow(BadInputError);
    expect(await apps.getApp('bad')).toBeUndefined();
  });
});
