import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { CoreOptions } from 'latchkey';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { testCore } from '../../support/test-core.js';
import { postgresSchema } from '../../support/postgres-schema.js';
import { SqliteFile } from '../../support/sqlite-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { Profile } from './with-typeorm.js';

export const databases = ['SQLite', 'PostgreSQL'] as const;
export type DatabaseName = (typeof databases)[number];

type Contents = Record<string, object[]>;

/** A database in which the application has a table of its own, beside those of the library. */
export interface AppDatabase {
  core: CoreOptions;
  /** Every row of every table, read over a connection of its own: what is committed. */
  contents(): Promise<Contents>;
  profiles(): Promise<{ user_id: string; handle: string }[]>;
  close(): Promise<void>;
}

const TABLES = 'create table profiles (user_id text primary key, handle text not null unique)';

export async function openAppDatabase(name: DatabaseName, connections = 4): Promise<AppDatabase> {
  return name === 'SQLite' ? onSqlite() : onPostgres(connections);
}

async function onSqlite(): Promise<AppDatabase> {
  const folder = await temporaryFolder();
  const file = new SqliteFile(folder.path('app.sqlite'));
  file.run(TABLES);
  const profiles = async () => file.rows('select * from profiles order by handle') as never;
  return {
    core: { ...testCore, sqlite: file.path },
    contents: async () => ({ ...file.contents(), profiles: await profiles() }),
    profiles,
    close: () => folder.remove(),
  };
}

async function onPostgres(connections: number): Promise<AppDatabase> {
  const { url, schema, query, drop } = postgresSchema();
  const application = `${schema}_app`;
  await query(`create schema ${application}; set search_path to ${application}; ${TABLES}`);
  const connectionString = `${url}?options=-c%20search_path%3D${application}`;
  return {
    core: {
      postgres: { connectionString, max: connections },
      schema,
      passwordHashing: testCore.passwordHashing,
    },
    contents: async () => {
      const tables = await query<{ schema: string; name: string }>(
        `select table_schema as schema, table_name as name from information_schema.tables
         where table_schema in ($1, $2) and table_name <> 'latchkey_attempts' order by 2`,
        [schema, application],
      );
      const selects = tables.map(
        ({ schema, name }) =>
          `select '${name}' as name, (select coalesce(json_agg(row order by row::text), '[]') from ${schema}.${name} row) as rows`,
      );
      const read = await query<{ name: string; rows: object[] }>(selects.join(' union all '));
      return Object.fromEntries(read.map(({ name, rows }) => [name, rows]));
    },
    profiles: () => query(`select * from ${application}.profiles order by handle`),
    close: async () => {
      await drop();
      await query(`drop schema ${application} cascade`);
    },
  };
}

/** What an application has that uses TypeORM, with a pool of its own. */
@Module({})
export class TypeormModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  static forRoot(options: Partial<DataSourceOptions> & { url: string }): DynamicModule {
    const useFactory = () =>
      new DataSource({
        type: 'postgres',
        entities: [Profile],
        poolSize: 4,
        ...options,
      } as DataSourceOptions).initialize();
    return { module: TypeormModule, providers: [{ provide: DataSource, useFactory }], exports: [DataSource] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}
