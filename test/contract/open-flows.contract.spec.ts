import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpenFlowsCore } from '../../lib/core/open-flows.core.js';
import { SpentTokensCore } from '../../lib/core/spent-tokens.core.js';
import { type PersistentCoreUnderTest, persistentEmbeddedCores } from './cores.js';

describe.each(persistentEmbeddedCores)('what outlives a request: $name', ({ create }) => {
  let tested: PersistentCoreUnderTest;
  let here: OpenFlowsCore;
  let elsewhere: OpenFlowsCore;

  beforeAll(async () => {
    tested = await create();
    here = tested.core.port(OpenFlowsCore);
    elsewhere = (await tested.openAnother()).port(OpenFlowsCore);
  });
  afterAll(() => tested.close());

  it('a flow is open in every process until it ends, and the later of two ends counts', async () => {
    const nowMs = tested.clock.now();
    expect(await here.isOpen('a')).toBe(false);
    await Promise.all(
      [here, elsewhere, here].map((core, at) => core.open({ flow: 'a', untilMs: nowMs + 1000 * (3 - at) })),
    );
    expect([await here.isOpen('a'), await elsewhere.isOpen('a'), await here.isOpen('b')]).toEqual([true, true, false]);
    tested.clock.moveSeconds(2.999);
    expect(await elsewhere.isOpen('a')).toBe(true);
    tested.clock.moveSeconds(0.001);
    expect(await elsewhere.isOpen('a')).toBe(false);
    await here.open({ flow: 'a', untilMs: tested.clock.now() + 1 });
    expect(await elsewhere.isOpen('a')).toBe(true);
  });

  it('a token is spent once, of twenty at once in two processes', async () => {
    const other = (await tested.openAnother()).port(SpentTokensCore);
    const spentTokens = tested.core.port(SpentTokensCore);
    const input = { token: 't', expiresAtMs: tested.clock.now() + 1000 };
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? spentTokens : other).spend(input)),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    // A flow of the same text is something else.
    expect(await here.isOpen('t')).toBe(false);
  });
});
