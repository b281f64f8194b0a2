import { ConfigurationError } from '../auth.error.js';
import { AuthDatabase } from '../auth-database.js';

/** Where the data is in another process, there is no connection to join. */
export class RemoteAuthDatabase extends AuthDatabase {
  override get inTransaction(): boolean {
    return false;
  }

  override async transaction(): Promise<never> {
    throw inAnotherProcess('transaction');
  }

  override async afterCommit(callback: () => void | Promise<void>): Promise<void> {
    await callback();
  }

  override async current(): Promise<never> {
    throw inAnotherProcess('current');
  }

  override async postgresClient(): Promise<never> {
    throw inAnotherProcess('postgresClient');
  }

  override async sqliteDatabase(): Promise<never> {
    throw inAnotherProcess('sqliteDatabase');
  }
}

function inAnotherProcess(method: string): ConfigurationError {
  return new ConfigurationError(
    `AuthDatabase.${method}() needs the data in this process, and core.connectionURI says that it is in another one. ` +
      'Use core: { postgres } or { sqlite } for writes that must be kept together, or make them apart',
  );
}
