// What a thousand times as many users cost: npm run bench:growth, which writes docs/guides/production.md; -- --quick writes
// nothing.
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Core } from '../lib/core/core.js';
import { EmailPasswordCore } from '../lib/core/email-password.core.js';
import { createEmbeddedCore } from '../lib/core/parts/embedded-core.js';
import type { EmbeddedDatabaseOptions } from '../lib/core/embedded/storage/database.options.js';
import { PasswordHasher } from '../lib/core/password-hasher.js';
import { SessionsCore } from '../lib/core/sessions.core.js';
import { userRolesPart } from '../lib/core/parts/user-roles.part.js';
import { UserRolesCore } from '../lib/core/user-roles.core.js';
import { UsersCore } from '../lib/core/users.core.js';
import { freePort } from '../test/support/free-port.js';
import { startPostgresServer } from '../test/support/postgres-server.js';
import { machine } from './machine.js';
import { table } from './page.js';
import { rewritePage } from './rewrite-page.js';
import { seed, seedRoles } from './seed.js';
import { median, percentile } from './statistics.js';

const isQuick = process.argv.includes('--quick');
const SMALL = 1000;
const LARGE = isQuick ? 20_000 : 1_000_000;
const ROUNDS = isQuick ? 5 : 20;
const CALLS = isQuick ? 20 : 50;
const TENANT = 'public';
const PAGE = fileURLToPath(new URL('../../docs/guides/production.md', import.meta.url));

/** Costs nothing, so that what is measured is the database. */
class PlainHasher extends PasswordHasher {
  async hash(password: string): Promise<string> {
    return `plain:${password}`;
  }
  async verify(password: string, hash: string): Promise<boolean> {
    return hash === `plain:${password}`;
  }
  needsRehash(): boolean {
    return false;
  }
}

interface Sample {
  email: string;
  userId: string;
}

/** One store with its own samples, which are spread over the seeded rows. */
interface Store {
  core: Core;
  samples: Sample[];
  refreshTokens: string[];
  next: number;
}

interface Operation {
  /** What a call needs and is not timed. */
  prepare?(store: Store, sample: Sample): Promise<unknown>;
  call(store: Store, sample: Sample, index: number): Promise<unknown>;
}

const OPERATIONS: Record<string, Operation> = {
  'sign-in look-up': {
    call: ({ core }, { email }) =>
      core.port(EmailPasswordCore).signIn({ tenantId: TENANT, email, password: 'password' }),
  },
  refresh: {
    async call(store, _sample, index) {
      const slot = index % store.refreshTokens.length;
      const result = await store.core.port(SessionsCore).refreshSession({
        refreshToken: store.refreshTokens[slot]!,
        enableAntiCsrf: false,
        useDynamicSigningKey: true,
      });
      if (result.status !== 'OK') throw new Error(result.status);
      store.refreshTokens[slot] = result.refreshToken.token;
    },
  },
  'get by email': {
    call: ({ core }, { email }) =>
      core.port(UsersCore).listUsersByAccountInfo({ tenantId: TENANT, accountInfo: { email } }),
  },
  'page of users': {
    call: ({ core }) => core.port(UsersCore).getUsersNewestFirst({ tenantId: TENANT, limit: 100 }),
  },
  'roles of a user': {
    call: ({ core }, { userId }) => core.port(UserRolesCore).getRolesForUser({ tenantId: TENANT, userId }),
  },
  'page of a role': {
    call: ({ core }) => core.port(UserRolesCore).getUsersThatHaveRole({ tenantId: TENANT, role: 'member', limit: 100 }),
  },
  'two pages of a role': {
    async call({ core }) {
      const page = { tenantId: TENANT, role: 'member', limit: 100 };
      const first = await core.port(UserRolesCore).getUsersThatHaveRole(page);
      if (first.status !== 'OK') throw new Error(first.status);
      await core.port(UserRolesCore).getUsersThatHaveRole({ ...page, paginationToken: first.nextPaginationToken });
    },
  },
  'all roles': {
    call: ({ core }) => core.port(UserRolesCore).getAllRoles(),
  },
  'revoke all of a user': {
    prepare: ({ core }, { userId }) => createSession(core, userId),
    async call({ core }, { userId }) {
      const revoked = await core.port(SessionsCore).revokeAllSessionsForUser({ userId });
      if (revoked.length === 0) throw new Error('There was nothing to revoke');
    },
  },
};

const before = loadavg();
const databases = [await measureSqlite(), await measurePostgres()];
const [small, large] = [SMALL, LARGE].map((users) => `at ${users.toLocaleString('en')}`) as [string, string];
const head = ['', ...['SQLite', 'PostgreSQL'].flatMap((name) => [`${name} ${small}, ms`, `${large}, ms`, 'ratio'])];
const rows = Object.keys(OPERATIONS).map((name) => [name, ...databases.flatMap((figures) => figures.get(name)!)]);
const how = `${machine(process.version, before)}; medians of ${ROUNDS * CALLS} calls in ${ROUNDS} rounds, in turn with few users and with many. "Ratio" is the median of the rounds' ratios.`;
const text = [how, table(head, rows)].join('\n\n');
console.log(text);
if (!isQuick) await rewritePage(PAGE, 'bench:growth', { growth: text });

/** By the name of the operation: milliseconds with few users, with many, and the ratio. */
type Figures = Map<string, [string, string, string]>;

async function measureSqlite(): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-growth-'));
  try {
    return await measure((size) => ({ sqlite: join(folder, `${size}.sqlite`) }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measurePostgres(): Promise<Figures> {
  const server = await startPostgresServer(await freePort(), {
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    shared_buffers: '1GB',
  });
  try {
    return await measure((size) => ({
      postgres: server.url,
      schema: `growth_${size}`,
      statementTimeoutMs: 600_000,
    }));
  } finally {
    await server.remove();
  }
}

async function measure(options: (users: number) => EmbeddedDatabaseOptions): Promise<Figures> {
  const few = await openStore(SMALL, options(SMALL));
  const many = await openStore(LARGE, options(LARGE));
  const figures: Figures = new Map();
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const times = { few: [] as number[], many: [] as number[], ratios: [] as number[] };
    await timeCalls(few, operation);
    await timeCalls(many, operation);
    for (let round = 0; round < ROUNDS; round++) {
      const [withFew, withMany] = [await timeCalls(few, operation), await timeCalls(many, operation)];
      times.few.push(...withFew);
      times.many.push(...withMany);
      times.ratios.push(median(withMany) / median(withFew));
    }
    const [p50Few, p50Many] = [percentile(times.few, 50), percentile(times.many, 50)];
    figures.set(name, [p50Few.toFixed(3), p50Many.toFixed(3), median(times.ratios).toFixed(2)]);
    console.error(name, ...figures.get(name)!);
  }
  await few.core.close();
  await many.core.close();
  return figures;
}

async function openStore(users: number, options: EmbeddedDatabaseOptions): Promise<Store> {
  const core = await createEmbeddedCore(options, { passwordHasher: new PlainHasher(), parts: [userRolesPart] });
  const schema = 'schema' in options ? options.schema : undefined;
  await seed(core, users, schema);
  await seedRoles(core, users, schema);
  const samples = await Promise.all(
    Array.from({ length: 200 }, async (_, at) => {
      const email = `user-${1 + Math.floor((at * users) / 200)}@example.com`;
      const [user] = await core.port(UsersCore).listUsersByAccountInfo({ tenantId: TENANT, accountInfo: { email } });
      return { email, userId: user!.id };
    }),
  );
  const refreshTokens: string[] = [];
  for (const { userId } of samples) refreshTokens.push(await createSession(core, `refreshing-${userId}`));
  return { core, samples, refreshTokens, next: 0 };
}

/** @returns its refresh token */
async function createSession(core: Core, userId: string): Promise<string> {
  const created = await core.port(SessionsCore).createNewSession({
    tenantId: TENANT,
    userId,
    recipeUserId: userId,
    accessTokenPayload: {},
    sessionDataInDatabase: {},
    useDynamicSigningKey: true,
    enableAntiCsrf: false,
  });
  return created.refreshToken.token;
}

/** @returns milliseconds of each call */
async function timeCalls(store: Store, operation: Operation): Promise<number[]> {
  const times: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const index = store.next++;
    const sample = store.samples[(index * 37) % store.samples.length]!;
    await operation.prepare?.(store, sample);
    const started = performance.now();
    await operation.call(store, sample, index);
    times.push(performance.now() - started);
  }
  return times;
}
