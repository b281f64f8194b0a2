import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';

/** Writes statements down instead of running them. Queries find nothing, and are not written down. */
export class RecordingDriver implements Driver, DatabaseConnection {
  /** @param script a line for each statement */
  constructor(private readonly script: string[]) {}

  async executeQuery<R>({ query, sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (query.kind === 'SelectQueryNode') return { rows: [] };
    if (parameters.length > 0) throw new Error(`A migration needs literals, not parameters: ${sql}`);
    this.script.push(`${sql};`);
    return { rows: [] };
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('A migration does not read');
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return this;
  }

  async init(): Promise<void> {}
  async beginTransaction(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
