import { createHash } from 'node:crypto';
import { Client } from 'pg';

/** How the schemas of a run begin that are dropped when it ends. Another run may use the same server. */
export function prefixOfRun(): string {
  const run = createHash('sha256').update(process.env.LATCHKEY_TEST_SERVICES!).digest('hex').slice(0, 8);
  return `test_${run}_`;
}

export async function dropSchemasOfRun(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      'select nspname as name from pg_namespace where starts_with(nspname, $1)',
      [prefixOfRun()],
    );
    for (const { name } of rows) await client.query(`drop schema if exists "${name}" cascade`);
  } finally {
    await client.end();
  }
}
