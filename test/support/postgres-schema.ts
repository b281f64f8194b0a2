import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { keptPools } from './kept-pools.js';
import { testServerUrl } from './postgres-server-url.js';

/** A schema of the test server for one test or suite. It is not made here: that is the library's business. */
export interface PostgresSchema {
  url: string;
  schema: string;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Its tables may be there afterwards, so what comes next needs another one. */
  drop(): Promise<void>;
}

export function randomSchemaName(prefix: string): string {
  return `${prefix}${randomBytes(6).toString('hex')}`;
}

/** @param otherServer the server for all tests by default */
export function postgresSchema(otherServer?: string): PostgresSchema {
  const url = otherServer ?? testServerUrl();
  const schema = randomSchemaName('test_');
  // A server that ends with the run takes its schemas along; dropping one takes as long as making it.
  const isKept = otherServer !== undefined || Boolean(process.env.LATCHKEY_TEST_POSTGRES);
  const query = async <Row extends object>(text: string, values?: unknown[]): Promise<Row[]> => {
    if (otherServer !== undefined) return onceConnected(url, text, values);
    const client = await keptPools()[0].connect();
    try {
      const { rows } = await client.query<Row>(text, values);
      await client.query('reset all');
      client.release();
      return rows;
    } catch (error) {
      // Closed, with whatever it is left in.
      client.release(true);
      throw error;
    }
  };
  return {
    url,
    schema,
    query,
    drop: async () => void (isKept && (await query(`drop schema if exists ${schema} cascade`))),
  };
}

async function onceConnected<Row extends object>(url: string, text: string, values?: unknown[]): Promise<Row[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
