import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { createEmbeddedCore } from '../../lib/core/parts/embedded-core.js';
import { cheapPasswordHasher } from '../../test/contract/cores.js';
import { waitUntil } from '../../test/support/wait-until.js';
import { ApiKeys } from './api-keys.js';
import { App } from './app.js';
import { OpenApps } from './open-apps.js';

describe('open apps', () => {
  let opened: App[];
  let apps: OpenApps;

  beforeEach(() => {
    opened = [];
    apps = new OpenApps(2, async (appId) => {
      const core = await createEmbeddedCore({ sqlite: ':memory:' }, { passwordHasher: cheapPasswordHasher });
      const app = new App(appId, core, new ApiKeys([]));
      opened.push(app);
      return app;
    });
  });
  afterEach(() => apps.close());

  const openedIds = () => opened.map(({ appId }) => appId);
  const visit = async (appId: string) => (await apps.enter(appId, {})).leave();
  const isClosed = async (app: App) =>
    app.core
      .port(TenantsCore)
      .listTenants()
      .then(
        () => false,
        () => true,
      );

  it('are closed when there are more than the limit, the least lately used first', async () => {
    for (const appId of ['a', 'b', 'a', 'c']) await visit(appId);
    expect(openedIds()).toEqual(['a', 'b', 'c']);
    const [a, b, c] = opened as [App, App, App];
    await waitUntil(() => isClosed(b));
    expect([await isClosed(a), await isClosed(c)]).toEqual([false, false]);

    await visit('b');
    expect(openedIds()).toEqual(['a', 'b', 'c', 'b']);
    await waitUntil(() => isClosed(a));
  });

  it('stay open while somebody uses them, however many there are', async () => {
    const used = await Promise.all(['a', 'b', 'c', 'a'].map((appId) => apps.enter(appId, {})));
    expect(openedIds().toSorted()).toEqual(['a', 'b', 'c']);
    await visit('d');
    expect(await Promise.all(used.map(isClosed))).toEqual([false, false, false, false]);

    for (const app of used) app.leave();
    await visit('e');
    await waitUntil(() => isClosed(used[0]!));
    await waitUntil(() => isClosed(used[1]!));
  });

  it('are opened again for another configuration, and the former is closed once nobody uses it', async () => {
    const before = await apps.enter('a', { api_keys: 'one' });
    const after = await apps.enter('a', { api_keys: 'two' });
    expect(after).not.toBe(before);
    expect(await isClosed(before)).toBe(false);
    before.leave();
    await waitUntil(() => isClosed(before));
    expect(await isClosed(after)).toBe(false);
    after.leave();
  });
});
