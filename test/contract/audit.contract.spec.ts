import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditCore, type NewAuditEntry } from '../../lib/core/audit.core.js';
import { BadInputError } from '../../lib/core/auth.error.js';
import { cores, type CoreUnderTest, isEmbedded } from './cores.js';

const entry: NewAuditEntry = { action: 'userDELETE', actor: { type: 'apiKey' }, tenantId: 'public', detail: {} };

describe.each(cores)('what was done: $name', ({ name, create }) => {
  let tested: CoreUnderTest;
  let audit: AuditCore;

  beforeAll(async () => {
    tested = await create();
    audit = tested.core.port(AuditCore);
  });
  afterAll(() => tested.close());

  it('is listed by pages, the latest first, and by user', async () => {
    const actor = { type: 'dashboardUser', email: 'ann@example.com' };
    const whole = { ...entry, actor, userId: 'u', address: '::1', detail: { roles: ['ünïcode 😀'], n: 1 } };
    expect(await audit.record(whole)).toBe(true);
    // At one time: none is met twice or missed.
    for (let at = 0; at < 4; at += 1) await audit.record({ ...entry, detail: { at } });
    tested.clock.moveSeconds(1);
    await audit.record({ ...entry, action: 'rolePUT', userId: 'v' });

    expect((await audit.list({ userId: 'u' }))!.entries).toEqual([
      { ...whole, entryId: expect.any(String), time: tested.clock.now() - 1000 },
    ]);
    const seen: string[] = [];
    let paginationToken: string | undefined;
    let pages = 0;
    do {
      const page = (await audit.list({ limit: 2, paginationToken }))!;
      seen.push(...page.entries.map(({ entryId, action }) => `${action} ${entryId}`));
      paginationToken = page.nextPaginationToken;
      pages += 1;
    } while (paginationToken !== undefined);
    expect([pages, new Set(seen).size, seen[0]!.split(' ')[0]]).toEqual([3, 6, 'rolePUT']);
  });

  it('is not listed by nonsense', async () => {
    for (const input of [
      { limit: 0 },
      { limit: 501 },
      { limit: 1.5 },
      { paginationToken: 'x' },
      { paginationToken: '' },
    ]) {
      await expect(audit.list(input)).rejects.toThrow(BadInputError);
    }
  });

  if (isEmbedded({ name })) {
    it('goes with the transaction that did it', async () => {
      const work = tested.core.transaction(async () => {
        await audit.record({ ...entry, userId: 'w' });
        throw new Error('taken back');
      });
      await expect(work).rejects.toThrow('taken back');
      expect(await audit.list({ userId: 'w' })).toEqual({ entries: [] });
    });
  }
});
