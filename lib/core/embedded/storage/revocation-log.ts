import { type Revocation, RevocationsStorage } from './revocations.storage.js';
import type { SqlAuthDatabase } from './sql-auth-database.js';

/** Of one row: some forty kilobytes. */
const MAX_SUBJECTS = 1000;

/** Where the storage tells what was revoked, in the transaction that does it. */
export class RevocationLog {
  private readonly storage: RevocationsStorage;

  /** @param committed called once the transaction is committed: nothing is revoked before */
  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly clock: () => number,
    private readonly committed: (revocation: Revocation) => void,
  ) {
    this.storage = new RevocationsStorage(database);
  }

  /** Within a transaction. */
  async write(kind: Revocation['kind'], subjects: string[]): Promise<void> {
    const writtenAtMs = this.clock();
    for (let start = 0; start < subjects.length; start += MAX_SUBJECTS) {
      const revocation = { kind, subjects: subjects.slice(start, start + MAX_SUBJECTS), writtenAtMs };
      await this.storage.insert(revocation);
      await this.database.afterCommit(() => this.committed(revocation));
    }
  }
}
