import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AuthDatabase, SessionFunctions } from 'latchkey';
import { lentSchema } from '../../support/kept-schemas.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';
import { testCore } from '../../support/test-core.js';

const { schema, pools, giveBack } = lentSchema();
const databases = [
  ['SQLite', testCore],
  ['PostgreSQL', { postgres: pools[0], schema }],
] as const;

describe.each(databases)('claims that are changed at once by the session handle, on %s', (_, core) => {
  let app: SessionApp;
  let functions: SessionFunctions;

  beforeAll(async () => {
    app = await startSessionApp('Express', { core });
    functions = app.app.get(SessionFunctions, { strict: false });
  });
  afterAll(() => app.close());
  afterAll(() => giveBack());

  const claimsOf = async (sessionHandle: string) =>
    (await functions.getSessionInformation({ sessionHandle }))?.customClaimsInAccessTokenPayload;

  test('all take effect', async () => {
    const session = await functions.createNewSession({ userId: 'ada', accessTokenPayload: { old: 1, kept: 2 } });
    const sessionHandle = session.getHandle();
    const names = Array.from({ length: 20 }, (_name, number) => `claim${number}`);
    const results = await Promise.all([
      ...names.map((name) =>
        functions.mergeIntoAccessTokenPayload({ sessionHandle, accessTokenPayloadUpdate: { [name]: 1 } }),
      ),
      functions.mergeIntoAccessTokenPayload({ sessionHandle, accessTokenPayloadUpdate: { old: null } }),
    ]);
    expect(results).toEqual(results.map(() => true));
    const { iss: _issuer, ...claims } = (await claimsOf(sessionHandle))!;
    expect(Object.keys(claims).sort()).toEqual(['kept', ...names].sort());
  });

  test('a change joins the transaction of the caller', async () => {
    const session = await functions.createNewSession({ userId: 'ada' });
    const sessionHandle = session.getHandle();
    const work = app.app.get(AuthDatabase, { strict: false }).transaction(async () => {
      await functions.mergeIntoAccessTokenPayload({ sessionHandle, accessTokenPayloadUpdate: { undone: true } });
      expect(await claimsOf(sessionHandle)).toHaveProperty('undone');
      throw new Error('on purpose');
    });
    await expect(work).rejects.toThrow('on purpose');
    expect(await claimsOf(sessionHandle)).not.toHaveProperty('undone');
  });

  test('a session that is gone is no session', async () => {
    const session = await functions.createNewSession({ userId: 'ada' });
    const sessionHandle = session.getHandle();
    await functions.revokeSession({ sessionHandle });
    const update = { sessionHandle, accessTokenPayloadUpdate: { a: 1 } };
    expect(await functions.mergeIntoAccessTokenPayload(update)).toBe(false);
  });
});
