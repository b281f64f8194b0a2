import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { BadInputError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import type { JsonObject } from '../../lib/core/json.types.js';
import { UserIdMappingCore } from '../../lib/core/user-id-mapping.core.js';
import { UserMetadataCore } from '../../lib/core/user-metadata.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { type CoreUnderTest } from './cores.js';
import { embeddedCores, persistentEmbeddedCores } from './cores.js';

describe.each(embeddedCores)('user metadata: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let metadata: UserMetadataCore;

  beforeAll(async () => {
    tested = await create();
    metadata = tested.core.port(UserMetadataCore);
  });
  afterAll(() => tested.close());

  it('is an empty object to begin with', async () => {
    expect(await metadata.get(randomUUID())).toEqual({});
  });

  it('merges at the root only, and removes by null', async () => {
    const id = randomUUID();
    await metadata.update(id, { preferences: { theme: 'dark' }, notifications: { email: true }, todos: ['example'] });
    const updated = { preferences: { theme: 'dark' }, notifications: { sms: true } };
    expect(await metadata.update(id, { notifications: { sms: true }, todos: null, unknown: null })).toEqual(updated);
    expect(await metadata.get(id)).toEqual(updated);
  });

  it('keeps nulls below the root', async () => {
    const id = randomUUID();
    await metadata.update(id, { a: { b: null }, c: [null] });
    expect(await metadata.get(id)).toEqual({ a: { b: null }, c: [null] });
  });

  it('is read of several users at once, under either id of each', async () => {
    const email = `${randomUUID()}@example.com`;
    const made = await tested.core.port(EmailPasswordCore).signUp({ tenantId: 'public', email, password: 'secret' });
    if (made.status !== 'OK') throw new Error(made.status);
    const [mapped, externalUserId, other] = [made.user.id, randomUUID(), randomUUID()];
    await tested.core.port(UserIdMappingCore).create({ userId: mapped, externalUserId });
    await metadata.update(mapped, { a: 1 });
    await metadata.update(other, { b: 2 });
    expect(await metadata.getOfUsers([randomUUID(), other, externalUserId])).toEqual(
      new Map<string, JsonObject>([
        [other, { b: 2 }],
        [externalUserId, { a: 1 }],
      ]),
    );
    expect(await metadata.getOfUsers([])).toEqual(new Map());
  });

  it('is cleared, also where there is nothing', async () => {
    const id = randomUUID();
    await metadata.update(id, { a: 1 });
    expect(await metadata.clear(id)).toEqual({ status: 'OK' });
    expect(await metadata.get(id)).toEqual({});
    expect(await metadata.clear(id)).toEqual({ status: 'OK' });
  });

  it('loses none of twenty updates at once', async () => {
    const id = randomUUID();
    const names = Array.from({ length: 20 }, (_, number) => `key${number}`);
    await Promise.all(names.map((name) => metadata.update(id, { [name]: 1 })));
    expect(Object.keys(await metadata.get(id)).sort()).toEqual([...names].sort());
  });

  it('takes every name and every text for what it is', async () => {
    const id = randomUUID();
    const update = JSON.parse('{"__proto__":{"admin":true},"constructor":1,"":"","\\u0000":"\\ud800"}') as JsonObject;
    await metadata.update(id, update);
    const stored = await metadata.update(id, { later: 1 });
    expect(Object.keys(stored).sort()).toEqual(['', '\u0000', '__proto__', 'constructor', 'later']);
    expect((stored as { admin?: unknown }).admin).toBeUndefined();
    expect(await metadata.get(id)).toEqual(stored);
  });

  it.each([null, [], 'text', 5, undefined, { a: Number.NaN }, { a: () => 1 }])(
    'refuses %p and changes nothing',
    async (update) => {
      const id = randomUUID();
      await metadata.update(id, { a: 1 });
      await expect(metadata.update(id, update as never)).rejects.toThrow(BadInputError);
      expect(await metadata.get(id)).toEqual({ a: 1 });
    },
  );

  it('goes with the user, and only with that one', async () => {
    const email = `${randomUUID()}@example.com`;
    const user = await tested.core.port(EmailPasswordCore).signUp({ tenantId: 'public', email, password: 'secret' });
    if (user.status !== 'OK') throw new Error(user.status);
    const other = randomUUID();
    await metadata.update(user.user.id, { a: 1 });
    await metadata.update(other, { a: 2 });
    await tested.core.port(UsersCore).deleteUser(user.user.id);
    expect(await metadata.get(user.user.id)).toEqual({});
    expect(await metadata.get(other)).toEqual({ a: 2 });
  });
});

describe.each(persistentEmbeddedCores)('user metadata, several processes: $name', ({ create }) => {
  it('loses no update, and takes it back with its transaction', async () => {
    const tested = await create();
    try {
      const both = [tested.core, await tested.openAnother()].map((core) => core.port(UserMetadataCore));
      await Promise.all(
        Array.from({ length: 20 }, (_, number) => both[number % 2]!.update('u', { [`k${number}`]: 1 })),
      );
      expect(Object.keys(await both[0]!.get('u'))).toHaveLength(20);
      const work = tested.core.transaction(async () => {
        await both[0]!.update('u', { undone: true });
        throw new Error('on purpose');
      });
      await expect(work).rejects.toThrow('on purpose');
      expect(await both[1]!.get('u')).not.toHaveProperty('undone');
    } finally {
      await tested.close();
    }
  });
});
