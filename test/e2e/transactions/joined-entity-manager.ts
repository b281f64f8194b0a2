import type { AuthDatabase } from 'latchkey';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';

/** TypeORM over the connection of the caller's transaction. */
export async function joinedEntityManager(database: AuthDatabase, dataSource: DataSource): Promise<EntityManager> {
  const databaseConnection = await database.postgresClient<PoolClient>();
  const runner = dataSource.createQueryRunner();
  // One is under way already: TypeORM then makes savepoints, and leaves begin and commit to Latchkey.
  Object.assign(runner, { databaseConnection, isTransactionActive: true, transactionDepth: 1 });
  return runner.manager;
}
