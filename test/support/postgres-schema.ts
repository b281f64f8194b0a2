import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { runService } from './run-service.js';

/** A schema of the test server for one test or suite. It is not made here: that is the library's business. */
export interface PostgresSchema {
  url: string;
  schema: string;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Of the superuser of the PostgreSQL for all tests: LATCHKEY_TEST_POSTGRES, or one that is started now. */
export function testServerUrl(): string {
  return process.env.LATCHKEY_TEST_POSTGRES || runService('postgres').url;
}

export function postgresSchema(url = testServerUrl()): PostgresSchema {
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const query = async <Row extends object>(text: string, values?: unknown[]): Promise<Row[]> => {
    const client = new Client(url);
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    url,
    schema,
    query,
    drop: async () => void (await query(`drop schema if exists ${schema} cascade`)),
  };
}
