import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuthTestClient, formFields } from 'latchkey/testing';
import { EmailPasswordRecipe, SessionRecipe, type CoreOptions } from 'latchkey';
import { type AuthApp, startAuthApp } from '../support/auth-app.js';
import { childScript, runChildScript, type RunningChild } from '../support/child-script.js';
import { postgresSchema } from '../support/postgres-schema.js';
import { linkOf, startSmtpServer, type TestSmtpServer } from '../support/smtp-server.js';
import { SqliteFile } from '../support/sqlite-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';

const PASSWORD = 'correct horse 1';
const WAIT_MS = 30_000;
const passwordHashing = { memoryCostKiB: 64, timeCost: 1 };
const MAKE_DUE = 'update latchkey_email_outbox set due_at_ms = 0';

interface Place {
  core: CoreOptions;
  /** As if the leases of those who died had ended. */
  endLeases(): Promise<void>;
  waiting(): Promise<number>;
  remove(): Promise<void>;
}

async function sqliteFile(): Promise<Place> {
  const folder = await temporaryFolder();
  const file = new SqliteFile(folder.path('auth.sqlite'));
  return {
    core: { sqlite: file.path, passwordHashing },
    endLeases: async () => void file.run(MAKE_DUE),
    waiting: async () => file.rows('select email_id from latchkey_email_outbox').length,
    remove: () => folder.remove(),
  };
}

async function postgres(): Promise<Place> {
  const { url, schema, query, drop } = postgresSchema();
  return {
    core: { postgres: url, schema, passwordHashing },
    endLeases: async () => void (await query(MAKE_DUE.replace('latchkey_', `${schema}.latchkey_`))),
    waiting: async () => (await query(`select 1 from ${schema}.latchkey_email_outbox`)).length,
    remove: drop,
  };
}

describe.each([
  { name: 'SQLite in a file', create: sqliteFile },
  { name: 'PostgreSQL', create: postgres },
])('processes that send emails, over $name', ({ create }) => {
  let script: string;
  let place: Place;
  let server: TestSmtpServer;
  /** The same for all tests, since the process keeps it. */
  let port = 0;
  let child: RunningChild | undefined;
  const apps: AuthApp[] = [];

  beforeAll(async () => {
    script = childScript('mailing-replica');
    place = await create();
  }, 120_000);
  beforeEach(async () => {
    server = await startSmtpServer({}, port);
    ({ port } = server);
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map(({ app }) => app.close()));
    await server.stop();
  });
  afterAll(async () => {
    await kill();
    await place.remove();
  });

  async function kill(): Promise<void> {
    child?.process.kill('SIGKILL');
    await child?.ended;
    child = undefined;
  }

  /** By a process that can be killed: the one of the test before, where it lives. */
  async function clientOfChild(): Promise<AuthTestClient> {
    const running = (child ??= runChildScript(script, [JSON.stringify({ core: place.core, smtp: server.smtp })]));
    await waitUntil(async () => running.lines.length > 0, WAIT_MS);
    return new AuthTestClient({ url: running.lines[0]! });
  }

  /** Another process over the same database: this one. */
  async function startHere(): Promise<AuthTestClient> {
    const recipeList = [SessionRecipe.init(), EmailPasswordRecipe.init()];
    const auth = { core: place.core, recipeList, emailDelivery: { smtp: server.smtp } };
    const started = await startAuthApp('Express', { auth });
    apps.push(started);
    return started.client();
  }

  async function ask(client: AuthTestClient, email: string): Promise<void> {
    const response = await client.auth('user/password/reset/token', formFields({ email }));
    expect(await response.json()).toEqual({ status: 'OK' });
  }

  it('send each email once, however many there are of them', async () => {
    const [one, other] = [await startHere(), await clientOfChild()];
    const emails = Array.from({ length: 20 }, (_, number) => `user-${number}@example.com`);
    for (const email of emails) await one.signUp(email, PASSWORD);
    await server.stop();
    await Promise.all(emails.map((email, at) => ask(at % 2 === 0 ? one : other, email)));
    await server.restart();
    // All of them have failed, and both processes look for what is due.
    await waitUntil(async () => (await place.waiting()) === 0, 60_000);
    expect(server.received.map(({ envelope }) => envelope.to[0]).sort()).toEqual(emails.toSorted());
  }, 120_000);

  it('lose no email, where one is killed while it sends one and as soon as it has answered for another', async () => {
    const [sending, answered] = ['ada@example.com', 'grace@example.com'];
    const client = await clientOfChild();
    for (const email of [sending, answered]) await client.signUp(email, PASSWORD);
    server.failNext('stall', 'stall');
    await ask(client, sending);
    await waitUntil(async () => server.attempts() === 1, WAIT_MS);
    await ask(client, answered);
    await kill();
    expect(server.received).toEqual([]);
    expect(await place.waiting()).toBe(2);

    await server.stop();
    await server.restart();
    await place.endLeases();
    const restarted = await startHere();
    const emails = [await server.next(sending, WAIT_MS), await server.next(answered, WAIT_MS)];
    await waitUntil(async () => (await place.waiting()) === 0, WAIT_MS);
    expect(server.received).toHaveLength(2);
    for (const email of emails) {
      const token = new URL(linkOf(email)).searchParams.get('token');
      const reset = { method: 'token', token, ...formFields({ password: 'new battery 2' }) };
      expect(await (await restarted.auth('user/password/reset', reset)).json()).toEqual({ status: 'OK' });
    }
  }, 120_000);
});
