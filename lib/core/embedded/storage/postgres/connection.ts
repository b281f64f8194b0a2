import { Kysely, sql } from 'kysely';
import type { PostgresDatabaseOptions } from '../database.options.js';
import type { OpenedDatabase } from '../storage-dialect.js';
import { bootError } from './boot-errors.js';
import { type LentPool, lendPool } from './pool.js';
import { PostgresStorageDialect } from './postgres.dialect.js';
import { PostgresDriver } from './postgres-driver.js';
import { PostgresSignals } from './postgres-signals.js';

export const DEFAULT_SCHEMA = 'latchkey';
const DEFAULT_STATEMENT_TIMEOUT_MS = 10_000;

/** @throws {ConfigurationError} pg is not installed, or the database cannot be reached as configured */
export async function openPostgres(options: PostgresDatabaseOptions): Promise<OpenedDatabase> {
  const { schema = DEFAULT_SCHEMA, statementTimeoutMs = DEFAULT_STATEMENT_TIMEOUT_MS } = options;
  const lent = await lendPool(options.postgres);
  const dialect = new PostgresStorageDialect(schema);
  const over = (timeoutMs: number, end: () => Promise<void>) =>
    new Kysely<unknown>({ dialect: { ...dialect.kysely, createDriver: () => driver(lent, timeoutMs, end) } });

  const kysely = over(statementTimeoutMs, () => lent.giveBack());
  try {
    await sql`select 1`.execute(kysely);
  } catch (error) {
    await kysely.destroy();
    throw bootError(error, lent.address);
  }
  const { host, port, database, user } = lent.address;
  return {
    dialect,
    kysely,
    unlimited: over(0, async () => {}),
    description: `${host}:${port}, database ${database}, schema ${schema}`,
    cliArguments: `--database postgres://${user}@${host}:${port}/${database} --schema ${schema}`,
    isPrivate: false,
    signals: new PostgresSignals(kysely, lent, schema),
  };
}

function driver({ pool, acquireTimeoutMs }: LentPool, statementTimeoutMs: number, end: () => Promise<void>) {
  return new PostgresDriver(pool, { statementTimeoutMs, acquireTimeoutMs }, end);
}
