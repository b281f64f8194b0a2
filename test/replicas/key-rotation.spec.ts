import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthTestClient } from 'latchkey/testing';
import { kidOf } from '../support/access-tokens.js';
import { childScript, type RunningChild, runChildScript } from '../support/child-script.js';
import { signedByAttacker } from '../support/forged-tokens.js';
import { type PostgresSchema, postgresSchema } from '../support/postgres-schema.js';

const KEY_LIFETIME_MS = 600;
const ROTATIONS = 3;
const EMAIL = 'user@example.com';
const PASSWORD = 'correct-horse-1';

interface Replica {
  url: string;
}

/** Every one that was started, to be ended in any case. */
const children: RunningChild[] = [];

function startReplica(script: string, core: object): Promise<Replica> {
  return new Promise((started, failed) => {
    const child = runChildScript(script, [JSON.stringify(core)], (url) => started({ url }));
    children.push(child);
    void child.ended.then(({ errors }) => failed(new Error(`The replica ended: ${errors}`)));
  });
}

async function call(replica: Replica, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'st-auth-mode': 'header' };
  return (await fetch(`${replica.url}/me`, { headers })).status;
}

async function publishedKids({ url }: Replica): Promise<string[]> {
  const { keys } = (await (await fetch(`${url}/auth/jwt/jwks.json`)).json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid).sort();
}

describe('the rotation of signing keys by two replicas on one PostgreSQL', () => {
  let postgres: PostgresSchema;
  let script: string;
  let replicas: Replica[] = [];
  /** Of the keys that tokens were signed with. */
  const kids = new Set<unknown>();
  let forgeries = 0;
  const refused: string[] = [];

  beforeAll(async () => {
    script = childScript('replica');
    postgres = postgresSchema();
    const core = {
      postgres: postgres.url,
      schema: postgres.schema,
      signingKeyLifetimeHours: KEY_LIFETIME_MS / 3_600_000,
      passwordHashing: { memoryCostKiB: 64, timeCost: 1 },
    };
    replicas = await Promise.all([startReplica(script, core), startReplica(script, core)]);
    await new AuthTestClient({ url: replicas[0]!.url }).signUp(EMAIL, PASSWORD);
  }, 120_000);
  afterAll(async () => {
    for (const child of children) child.process.kill('SIGKILL');
    await Promise.all(children.map((child) => child.ended));
    await postgres.drop();
  });

  /** Signs in on one and goes to the other at once, to which somebody also sends tokens that nobody has signed. */
  async function signInAndCross(from: Replica, to: Replica): Promise<void> {
    while (kids.size <= ROTATIONS) {
      const client = new AuthTestClient({ url: from.url });
      const response = await client.signIn(EMAIL, PASSWORD);
      const { accessToken = '' } = client.tokens;
      kids.add(kidOf(accessToken));
      const status = await call(to, accessToken);
      if (status !== 200) refused.push(`${status} for ${String(kidOf(accessToken))} after ${response.status}`);
      const forged = signedByAttacker(accessToken, { kid: `d-${++forgeries}` });
      expect(await call(to, forged)).toBe(401);
    }
  }

  it('refuses no token of the other, also in the moment of a rotation', async () => {
    const [a, b] = replicas as [Replica, Replica];
    await Promise.all([signInAndCross(a, b), signInAndCross(b, a)]);

    expect(refused).toEqual([]);
    expect(forgeries).toBeGreaterThan(ROTATIONS);
  }, 90_000);

  it('makes one key for both when the one before has served its time, and not earlier', async () => {
    const keys = await postgres.query<{ kid: string; sequence: string; at: string }>(
      `select kid, sequence, created_at_ms as at from ${postgres.schema}.latchkey_signing_keys
       where kind = 'dynamic' order by sequence`,
    );
    expect(keys.map(({ sequence }) => Number(sequence))).toEqual(keys.map((_, at) => at + 1));
    expect(keys.length).toBeGreaterThan(ROTATIONS);
    for (const [at, key] of keys.slice(1).entries()) {
      expect(Number(key.at) - Number(keys[at]!.at)).toBeGreaterThanOrEqual(KEY_LIFETIME_MS);
    }
    expect(keys.map(({ kid }) => kid)).toEqual(expect.arrayContaining([...kids]));
  });

  it('publishes the same keys from both', async () => {
    const [a, b] = await Promise.all(replicas.map(publishedKids));
    expect(a).toEqual(b);
    expect(a).toEqual(expect.arrayContaining([...kids]));
  });
});
