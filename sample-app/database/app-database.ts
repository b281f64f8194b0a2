import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import Database from 'better-sqlite3';
import { Settings } from '../settings/settings.js';

/**
 * The application's own tables, in a file beside Latchkey's. SQLite has one writer at a time and this driver
 * waits without letting anything else run: in one file, it could wait for a transaction of the same process.
 */
@Injectable()
export class AppDatabase extends Database implements OnApplicationShutdown {
  constructor({ core }: Settings) {
    const databaseFile = 'sqlite' in core && core.sqlite ? core.sqlite : 'sample.sqlite';
    super(databaseFile.replace(/(\.sqlite)?$/, '.app.sqlite'));
    this.pragma('journal_mode = WAL');
  }

  onApplicationShutdown(): void {
    this.close();
  }
}
