import { Client } from 'pg';

/** Schemas of the scenarios begin alike, so that they are found again. */
export const SCHEMA_PREFIX = 'test_e2e_';

/** Drops what the applications of the scenarios left on a server. */
export async function dropTestSchemas(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      'select nspname as name from pg_namespace where starts_with(nspname, $1)',
      [SCHEMA_PREFIX],
    );
    for (const { name } of rows) await client.query(`drop schema if exists "${name}" cascade`);
  } finally {
    await client.end();
  }
}
