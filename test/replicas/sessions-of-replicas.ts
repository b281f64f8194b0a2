import { beforeAll, expect, it } from '@jest/globals';
import { AuthTestClient } from 'latchkey/testing';
import { Client } from 'pg';
import type { RunningSample } from '../browser/running-sample.js';
import type { ComposedSample } from './composed-sample.js';

const PASSWORD = 'correct horse 1';

/** The same session at the other process, as behind a load balancer. */
function at(sample: RunningSample, session: AuthTestClient): AuthTestClient {
  const client = new AuthTestClient({ url: sample.url });
  client.tokens = { ...session.tokens };
  return client;
}

async function signUp(sample: RunningSample, email: string): Promise<AuthTestClient> {
  const client = new AuthTestClient({ url: sample.url });
  expect(await (await client.signUp(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
  return client;
}

/** A route with `checkDatabase`; a body that it does not understand, since only the guard is of interest. */
const checked = async (client: AuthTestClient) => (await client.post('/api/me/password', {})).status;
const guarded = async (client: AuthTestClient) => (await client.get('/api/me')).status;

/** Tests of what two processes over one database know of each other's sessions. */
export function testSessions(composed: () => ComposedSample): void {
  let a: RunningSample;
  let b: RunningSample;

  beforeAll(() => {
    [a, b] = composed().replicas as [RunningSample, RunningSample];
  });

  it('let a user sign in on one, go on and refresh on the other, and come back', async () => {
    await signUp(b, 'traveller@example.com');
    const onA = new AuthTestClient({ url: a.url });
    await onA.signIn('traveller@example.com', PASSWORD);
    const onB = at(b, onA);
    expect(await guarded(onB)).toBe(200);
    expect(await checked(onB)).toBe(400);

    expect((await onB.refresh()).status).toBe(200);
    expect(onB.tokens.refreshToken).not.toBe(onA.tokens.refreshToken);
    const backOnA = at(a, onB);
    expect(await guarded(backOnA)).toBe(200);
    expect((await backOnA.refresh()).status).toBe(200);
  });

  it('refuse on one what was revoked on the other, where the guard asks the database', async () => {
    const onA = await signUp(a, 'revoked@example.com');
    const onB = at(b, onA);
    // Both have verified the token, and remember it.
    expect([await checked(onA), await checked(onB)]).toEqual([400, 400]);
    expect((await onA.signOut()).status).toBe(200);

    expect(await checked(onB)).toBe(401);
    expect((await onB.refresh()).status).toBe(401);
  });

  it('give both of two refreshes of one token at once the same successor', async () => {
    const onA = await signUp(a, 'twice@example.com');
    const onB = at(b, onA);
    expect((await Promise.all([onA.refresh(), onB.refresh()])).map(({ status }) => status)).toEqual([200, 200]);
    expect(onA.tokens.refreshToken).toBe(onB.tokens.refreshToken);
  });

  it('report theft on one of a token that was spent on the other', async () => {
    const onA = await signUp(a, 'stolen@example.com');
    const thief = at(b, onA);
    await onA.refresh();
    await onA.refresh();
    expect((await thief.refresh()).status).toBe(401);
    expect(await checked(onA)).toBe(401);
  });

  it('take one of two sign-ups with one email at once', async () => {
    const clients = [a, b].map(({ url }) => new AuthTestClient({ url }));
    const answers = await Promise.all(
      clients.map(async (client) => {
        const response = await client.signUp('same@example.com', PASSWORD);
        return (await response.json()) as { status: string };
      }),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(['FIELD_ERROR', 'OK']);
  });

  it('share one signing key, which both publish', async () => {
    const client = new Client(composed().databaseURL);
    await client.connect();
    const text = `select kid from latchkey.latchkey_signing_keys where kind = 'dynamic'`;
    const { rows } = await client.query<{ kid: string }>(text).finally(() => client.end());
    expect(rows).toHaveLength(1);
    for (const { url } of [a, b]) {
      const set = (await (await fetch(`${url}/auth/jwt/jwks.json`)).json()) as { keys: { kid: string }[] };
      expect(set.keys.map(({ kid }) => kid)).toContain(rows[0]!.kid);
    }
  });
}
