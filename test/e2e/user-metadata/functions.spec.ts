import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import {
  BadInputError,
  EmailPasswordRecipe,
  SessionRecipe,
  UserMetadataFunctions,
  UserMetadataRecipe,
  Users,
  type UpdateUserMetadataInput,
} from 'latchkey';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import { coreFor } from '../../support/test-core.js';

describe.each(onExpress)('user metadata on %s', (framework) => {
  let auth: AuthApp;
  let metadata: UserMetadataFunctions;
  const updates: string[] = [];

  @Injectable()
  class Audited extends UserMetadataFunctions {
    override async updateUserMetadata(input: UpdateUserMetadataInput) {
      updates.push(input.userId);
      return super.updateUserMetadata(input);
    }
  }

  beforeAll(async () => {
    auth = await startAuthApp(framework, {
      auth: {
        core: coreFor(),
        recipeList: [
          SessionRecipe.init(),
          EmailPasswordRecipe.init(),
          UserMetadataRecipe.init({ maxMetadataBytes: 1000, override: { functions: Audited } }),
        ],
      },
    });
    metadata = auth.app.get(UserMetadataFunctions, { strict: false });
  });
  afterAll(() => auth.app.close());

  const of = async (userId: string) => (await metadata.getUserMetadata({ userId })).metadata;

  it('are merged at the root, null removes, and go with the user', async () => {
    const signedUp = await auth.client().signUp(newEmail(), PASSWORD);
    const { user } = (await signedUp.json()) as { user: { id: string } };
    const userId = user.id;
    expect(await metadata.getUserMetadata({ userId })).toEqual({ status: 'OK', metadata: {} });
    await metadata.updateUserMetadata({ userId, metadataUpdate: { theme: 'dark', seen: { tour: true }, old: 1 } });
    const metadataUpdate = { seen: { help: true }, old: null };
    const updated = { theme: 'dark', seen: { help: true } };
    expect(await metadata.updateUserMetadata({ userId, metadataUpdate })).toEqual({ status: 'OK', metadata: updated });
    expect(updates.slice(-2)).toEqual([userId, userId]);
    await auth.app.get(Users, { strict: false }).deleteUser(userId);
    expect(await of(userId)).toEqual({});

    await metadata.updateUserMetadata({ userId: 'elsewhere', metadataUpdate: { a: 1 } });
    expect(await metadata.clearUserMetadata({ userId: 'elsewhere' })).toEqual({ status: 'OK' });
    expect(await of('elsewhere')).toEqual({});
  });

  it.each<[string, unknown, string]>([
    ['a list', [], 'metadataUpdate must be an object'],
    ['text', 'theme', 'metadataUpdate must be an object'],
    ['nothing', undefined, 'metadataUpdate must be an object'],
    ['null', null, 'metadataUpdate must be an object'],
    ['a date', { since: new Date() }, 'must hold nothing but JSON values'],
    ['NaN', { age: Number.NaN }, 'must not hold NaN'],
    ['a prototype', JSON.parse('{"__proto__":{"admin":true}}'), 'must not have a member __proto__'],
    ['a prototype within', JSON.parse('{"a":[{"__proto__":1}]}'), 'must not have a member __proto__'],
    ['a megabyte', { text: 'x'.repeat(1_000_000) }, 'more than the 1000 allowed'],
    ['what makes it too large', { more: 'x'.repeat(500) }, 'more than the 1000 allowed'],
  ])('are not changed by %s', async (_, metadataUpdate, message) => {
    const userId = `somebody-${_}`;
    await metadata.updateUserMetadata({ userId, metadataUpdate: { kept: 'x'.repeat(500) } });
    const update = metadata.updateUserMetadata({ userId, metadataUpdate: metadataUpdate as never });
    await expect(update).rejects.toThrow(BadInputError);
    await expect(update).rejects.toThrow(message);
    expect(Object.keys(await of(userId))).toEqual(['kept']);
  });

  it('are no circle', async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const update = metadata.updateUserMetadata({ userId: 'u', metadataUpdate: circle as never });
    await expect(update).rejects.toThrow('must not be nested deeper than 100 levels');
  });

  it.each(['', 5, null, undefined])('are of no user %p', async (userId) => {
    await expect(metadata.getUserMetadata({ userId: userId as never })).rejects.toThrow(BadInputError);
    const input = { userId: userId as never, metadataUpdate: {} };
    await expect(metadata.updateUserMetadata(input)).rejects.toThrow(BadInputError);
  });
});
