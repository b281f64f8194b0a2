import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { AuthTestClient } from 'latchkey/testing';
import { Argon2PasswordHasher } from '../../lib/core/embedded/argon2-password-hasher.js';
import { createEmbeddedCore } from '../../lib/core/parts/embedded-core.js';
import { childScript, type RunningChild, runChildScript } from '../support/child-script.js';
import { PostgresWay } from '../support/cut-postgres.js';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../support/pgbouncer.js';
import { type PostgresPair, startPostgresPair } from '../support/postgres-pair.js';
import { waitUntil } from '../support/wait-until.js';
import { accountTables } from './checks-after-a-kill.js';

const SCHEMA = 'failover';
const PASSWORD = 'correct-horse-1';
const CLIENTS = 6;
/** Of each client, between one fault and the next. */
const ANSWERS = 3;
/** Of a client that got no answer. */
const PAUSE_MS = 50;
const hashing = { memoryCostKiB: 64, timeCost: 1, parallelism: 1 };

interface Replica {
  url: string;
  child: RunningChild;
}

/** Somebody who signs up once and refreshes until the end, and tries again what got no answer, as finished clients do. */
class Person {
  answered = 0;
  /** Answers that no client can do anything with. */
  readonly complaints: string[] = [];
  private readonly client = new AuthTestClient({ url: 'http://127.0.0.1' });

  constructor(
    readonly email: string,
    private readonly replicas: () => Replica[],
  ) {}

  async use(isOver: () => boolean): Promise<void> {
    let isThere = false;
    for (let turn = 0; !isOver(); turn++) {
      const done = isThere ? await this.refresh(turn) : await this.signUp(turn);
      if (!done) {
        await delay(PAUSE_MS);
        continue;
      }
      isThere = true;
      this.answered++;
    }
  }

  /** The session at the replica whose turn it is, as behind a load balancer. */
  private at(turn: number): AuthTestClient {
    const replicas = this.replicas();
    const client = new AuthTestClient({ url: replicas[turn % replicas.length]!.url });
    client.tokens = { ...this.client.tokens };
    return client;
  }

  private async signUp(turn: number): Promise<boolean> {
    const client = this.at(turn);
    const body = await answerOf(() => client.signUp(this.email, PASSWORD));
    // The answer to an earlier try was lost.
    if (body?.status === 'FIELD_ERROR') return this.signIn(turn);
    return this.keep(client, body);
  }

  private async signIn(turn: number): Promise<boolean> {
    const client = this.at(turn);
    return this.keep(client, await answerOf(() => client.signIn(this.email, PASSWORD)));
  }

  private async refresh(turn: number): Promise<boolean> {
    const client = this.at(turn);
    return this.keep(client, await answerOf(() => client.refresh(), { status: 'OK' }));
  }

  private keep(client: AuthTestClient, body: Answer | undefined): boolean {
    if (body === undefined) return false;
    if (body.status !== 'OK') this.complaints.push(JSON.stringify(body));
    this.client.tokens = { ...client.tokens };
    return true;
  }
}

interface Answer {
  status: string;
}

/** @returns nothing when there was no answer, or one that asks for patience */
async function answerOf(call: () => Promise<Response>, ok?: Answer): Promise<Answer | undefined> {
  let response: Response;
  try {
    response = await call();
  } catch {
    return undefined;
  }
  if (response.status === 503) return undefined;
  if (response.status !== 200) return { status: `${response.status} ${await response.text()}` };
  return ok ?? ((await response.json()) as Answer);
}

describe('three replicas on one PostgreSQL that fails over', () => {
  let databases: PostgresPair;
  let way: PostgresWay;
  let pgBouncer: PgBouncer | undefined;
  let replicas: Replica[] = [];

  beforeAll(async () => {
    databases = await startPostgresPair();
    way = await PostgresWay.open(databases.primary.url);
    if (hasPgBouncer) pgBouncer = await startPgBouncer(way.url, 8);
    else console.warn('pgbouncer is not installed: the replicas ask PostgreSQL itself.');
    const script = childScript('replica');
    const urls = [way.url, pgBouncer?.url ?? way.url, pgBouncer?.url ?? way.url];
    replicas = await Promise.all(urls.map((url) => startReplica(script, url)));
  }, 120_000);
  afterAll(async () => {
    for (const { child } of replicas) child.process.kill('SIGKILL');
    await Promise.all(replicas.map(({ child }) => child.ended));
    await pgBouncer?.stop();
    await way?.close();
    await databases?.remove();
  });

  it('loses nothing that it answered, doubles nothing and signs nobody out', async () => {
    let alive = replicas;
    let isOver = false;
    const people = Array.from({ length: CLIENTS }, (_, at) => new Person(`user${at}@example.com`, () => alive));
    const using = Promise.all(people.map((person) => person.use(() => isOver)));
    const goesOn = async () => {
      const before = people.map(({ answered }) => answered);
      await waitUntil(async () => people.every(({ answered }, at) => answered >= before[at]! + ANSWERS), 60_000);
    };
    try {
      await goesOn();
      replicas[2]!.child.process.kill('SIGKILL');
      alive = replicas.slice(0, 2);
      await goesOn();
      await databases.primary.stop();
      await databases.primary.start();
      await goesOn();
      await databases.failOver();
      way.redirect(databases.standby.url);
      await goesOn();
    } finally {
      isOver = true;
      await using;
    }

    expect(people.flatMap(({ complaints }) => complaints)).toEqual([]);
    const database = { postgres: databases.standby.url, schema: SCHEMA };
    const core = await createEmbeddedCore(database, { passwordHasher: new Argon2PasswordHasher(hashing) });
    try {
      const [users, ...others] = await accountTables(core);
      expect(users).toHaveLength(CLIENTS);
      for (const ids of others) expect(ids).toEqual(users);
    } finally {
      await core.close();
    }
  }, 240_000);
});

function startReplica(script: string, postgres: string): Promise<Replica> {
  const core = { postgres, schema: SCHEMA, passwordHashing: hashing };
  return new Promise((started, failed) => {
    const child: RunningChild = runChildScript(script, [JSON.stringify(core)], (url) => started({ url, child }));
    void child.ended.then(({ errors }) => failed(new Error(`The replica ended: ${errors}`)));
  });
}
