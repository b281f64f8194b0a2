import { Injectable, type OnModuleInit } from '@nestjs/common';
import { sql, type Kysely } from 'kysely';
import { AuthDatabase } from 'latchkey';
import { Settings } from '../settings/settings.js';
import type { AppTables } from './app-tables.js';

/** Any number: replicas that begin at once make the tables one after the other. */
const LOCK = 4_711;

/**
 * The application's own tables, in the database that Latchkey's are in: what a recipe writes and what the application writes
 * with it is kept as a whole, or not at all.
 */
@Injectable()
export class AppDatabase implements OnModuleInit {
  constructor(
    private readonly database: AuthDatabase,
    private readonly settings: Settings,
  ) {}

  /** What throws inside rolls back the recipe's writes and the application's. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** In the caller's transaction, where there is one. */
  current(): Promise<Kysely<AppTables>> {
    return this.database.current<AppTables>();
  }

  /** A real application has migrations; a sample is begun again. */
  async onModuleInit(): Promise<void> {
    const isPostgres = 'postgres' in this.settings.core;
    await this.transaction(async () => {
      const { schema } = await this.current();
      if (isPostgres) await sql`select pg_advisory_xact_lock(${LOCK})`.execute(await this.current());
      await schema
        .createTable('profiles')
        .ifNotExists()
        .addColumn('user_id', 'text', (column) => column.primaryKey())
        .addColumn('display_name', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createTable('projects')
        .ifNotExists()
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('owner_id', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createTable('invitations')
        .ifNotExists()
        .addColumn('address', 'text', (column) => column.primaryKey())
        .addColumn('invited_at', 'text', (column) => column.notNull())
        .execute();
      await schema
        .createTable('audit_log')
        .ifNotExists()
        .addColumn('id', isPostgres ? 'serial' : 'integer', (column) => column.primaryKey())
        .addColumn('event', 'text', (column) => column.notNull())
        .addColumn('email', 'text', (column) => column.notNull())
        .addColumn('user_agent', 'text', (column) => column.notNull())
        .addColumn('at', 'text', (column) => column.notNull())
        .execute();
      await schema.createIndex('audit_log_by_email').ifNotExists().on('audit_log').columns(['email', 'id']).execute();
    });
  }
}
