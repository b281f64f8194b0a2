import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Core } from '../../lib/core/core.js';
import { Argon2PasswordHasher } from '../../lib/core/embedded/argon2-password-hasher.js';
import { createEmbeddedCore } from '../../lib/core/parts/embedded-core.js';
import type { EmbeddedDatabaseOptions } from '../../lib/core/embedded/storage/database.options.js';
import { childScript } from '../support/child-script.js';
import { killableTasks, type KillableTask, killWhileWorking, type Lane } from '../support/killed-process.js';
import { postgresSchema } from '../support/postgres-schema.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waitUntil } from '../support/wait-until.js';
import { accountTables, checkRefreshes, checkResets, checkSignUps } from './checks-after-a-kill.js';

const KILLS = 2;
const passwordHasher = new Argon2PasswordHasher({ memoryCostKiB: 64, timeCost: 1, parallelism: 1 });

interface Place {
  database: EmbeddedDatabaseOptions;
  /** Waits until nothing of a killed process goes on. */
  settled(): Promise<void>;
  remove(): Promise<void>;
}

async function sqliteFile(): Promise<Place> {
  const folder = await temporaryFolder();
  return {
    database: { sqlite: folder.path('auth.sqlite') },
    settled: async () => undefined,
    remove: () => folder.remove(),
  };
}

async function postgres(): Promise<Place> {
  const { url, schema, query, drop } = postgresSchema();
  const application_name = `killed_${schema}`;
  const connections = 'select 1 from pg_stat_activity where application_name = $1';
  return {
    database: { postgres: { connectionString: url, application_name }, schema },
    // The server notices only at its next answer that nobody is there, and finishes the statement before.
    settled: () => waitUntil(async () => (await query(connections, [application_name])).length === 0),
    remove: drop,
  };
}

const checks: Record<KillableTask, (core: Core, lanes: Lane[]) => Promise<void>> = {
  'sign-up': checkSignUps,
  refresh: checkRefreshes,
  reset: checkResets,
};

describe.each([
  { name: 'SQLite in a file', create: sqliteFile },
  { name: 'PostgreSQL', create: postgres },
])('a process that is killed: $name', ({ create }) => {
  let script: string;
  let place: Place;

  beforeAll(() => {
    script = childScript('work-until-killed');
  });
  beforeEach(async () => {
    place = await create();
  });
  afterEach(() => place.remove());

  it(`keeps what it answered and leaves nothing by halves, ${KILLS} times in the middle of each task`, async () => {
    const cutOff = { 'sign-up': 0, refresh: 0, reset: 0 };
    let answered = 0;
    // A kill may find no lane of a task in the middle of an operation, which shows nothing.
    for (let run = 0; run < KILLS || Object.values(cutOff).some((count) => count < KILLS); run++) {
      const lanes = await killWhileWorking(script, place.database, run);
      await place.settled();
      const core = await createEmbeddedCore(place.database, { passwordHasher });
      try {
        const [users, ...others] = await accountTables(core);
        for (const ids of others) expect(ids).toEqual(users);
        for (const task of killableTasks) await checks[task](core, lanes[task]);
      } finally {
        await core.close();
      }
      for (const task of killableTasks) {
        answered += lanes[task].flatMap((lane) => lane.answered).length;
        cutOff[task] += lanes[task].filter((lane) => lane.cutOff !== undefined).length;
      }
    }
    expect(answered).toBeGreaterThanOrEqual(12 * KILLS);
  }, 120_000);
});
