import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { cheapPasswordHasher } from '../../../../../test/contract/cores.js';
import { postgresSchema } from '../../../../../test/support/postgres-schema.js';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.js';
import type { Core } from '../../../core.js';
import { EmailPasswordCore } from '../../../email-password.core.js';
import { EmailVerificationCore } from '../../../email-verification.core.js';
import { createEmbeddedCore } from '../../../parts/embedded-core.js';
import type { EmbeddedDatabaseOptions } from '../database.options.js';
import { migrationSql, migrationStatus, migrateUp } from '../migrator.js';
import { openDatabase } from '../open-storage.js';
import { loadSqlite } from '../sqlite/load-sqlite.js';
import type { SqliteDatabase } from '../sqlite/sqlite-database.js';
import type { OpenedDatabase } from '../storage-dialect.js';

/* What 0.1.0 left: the script that its `latchkey migrate sql` printed for an empty database, and rows that it wrote. */
const fixture = (name: string) => readFileSync(`test/fixtures/database-0.1.0/${name}.sql`, 'utf8');
const inboxOf = (email: string, kind: string) =>
  new RegExp(`^-- ${kind} of ${email}: (\\S+)$`, 'm').exec(fixture('rows'))![1]!;
const migrationsOf010 = [...fixture('sqlite').matchAll(/^-- (\d{4}-.*)$/gm)].map(([, name]) => name!);

interface EmptyDatabase {
  options: EmbeddedDatabaseOptions;
  run(script: string): Promise<void>;
  /** Every table, column, constraint and index, in a form that says the same for the same. */
  schema(): Promise<unknown>;
  /** @returns the text without the name of the schema */
  nameless(text: string): string;
  remove(): Promise<void>;
}

async function sqliteFile(): Promise<EmptyDatabase> {
  const folder = await temporaryFolder();
  const sqlite = folder.path('auth.sqlite');
  const open = await loadSqlite();
  const use = <T>(work: (database: SqliteDatabase) => T): T => {
    const { database } = open(sqlite);
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    options: { sqlite },
    run: async (script) => use((database) => void database.exec(script)),
    schema: async () =>
      use((database) =>
        database.prepare('select type, name, tbl_name, sql from sqlite_schema order by type, name').all(),
      ),
    nameless: (text) => text,
    remove: () => folder.remove(),
  };
}

async function postgres(): Promise<EmptyDatabase> {
  const { url, schema, query, drop } = postgresSchema();
  const nameless = (text: string) => text.replaceAll(schema, 'latchkey');
  return {
    options: { postgres: url, schema },
    run: async (script) => {
      await query(
        `${script.replaceAll('"latchkey"', schema).replace(/^insert/m, `set search_path to ${schema}; insert`)}`,
      );
    },
    schema: async () =>
      JSON.parse(
        nameless(
          JSON.stringify([
            ...(await query(
              `select table_name, column_name, data_type, collation_name, is_nullable, column_default
          from information_schema.columns where table_schema = '${schema}' order by 1, ordinal_position`,
            )),
            ...(await query(`select indexname, indexdef from pg_indexes where schemaname = '${schema}' order by 1`)),
            ...(await query(
              `select conname, conrelid::regclass::text as of, pg_get_constraintdef(oid) as definition
          from pg_constraint where connamespace = '${schema}'::regnamespace order by 1, 2`,
            )),
          ]),
        ),
      ),
    nameless,
    remove: drop,
  };
}

const kinds = [
  { name: 'SQLite', script: 'sqlite', create: sqliteFile },
  { name: 'PostgreSQL', script: 'postgres', create: postgres },
];

async function close(opened: OpenedDatabase): Promise<void> {
  await opened.unlimited.destroy();
  await opened.kysely.destroy();
}

describe.each(kinds)('a database of 0.1.0: $name', ({ script, create }) => {
  let database: EmptyDatabase;
  let core: Core | undefined;

  beforeEach(async () => {
    database = await create();
  });
  afterEach(async () => {
    await core?.close();
    core = undefined;
    await database.remove();
  });

  async function load(): Promise<void> {
    await database.run(fixture(script));
    await database.run(fixture('rows'));
  }

  it('has the tables that the same migrations make today', async () => {
    const opened = await openDatabase(database.options);
    const printed = await migrationSql(opened, { applied: [], pending: migrationsOf010 });
    await close(opened);
    expect(database.nameless(printed).replaceAll(/(?<=values \('\d{4}-[\w-]+', )\d+/g, '1790000000000')).toBe(
      fixture(script),
    );
  });

  it('is migrated to the same tables as a new one', async () => {
    await load();
    const fresh = await create();
    for (const { options } of [database, fresh]) {
      const opened = await openDatabase(options);
      await migrateUp(opened);
      expect(await migrationStatus(opened)).toMatchObject({ pending: [], unknown: [] });
      await close(opened);
    }
    expect(await database.schema()).toEqual(await fresh.schema());
    await fresh.remove();
  });

  it('keeps its users, and the links in their inboxes work, once', async () => {
    await load();
    core = await createEmbeddedCore(database.options, { passwordHasher: cheapPasswordHasher });
    const passwords = core.port(EmailPasswordCore);
    const emails = core.port(EmailVerificationCore);
    const tenantId = 'public';
    const ada = { tenantId, email: 'ada@example.com', password: 'a long passphrase 1' };
    const signedIn = await passwords.signIn(ada);
    if (signedIn.status !== 'OK') throw new Error(signedIn.status);

    const verification = { tenantId, token: inboxOf(ada.email, 'An email verification token') };
    expect(await emails.verifyEmailUsingToken(verification)).toEqual({
      status: 'OK',
      recipeUserId: signedIn.recipeUserId,
      email: ada.email,
    });
    const reset = { tenantId, token: inboxOf(ada.email, 'A password reset token') };
    expect(await passwords.consumePasswordResetToken(reset)).toMatchObject({ status: 'OK', email: ada.email });
    expect(await emails.verifyEmailUsingToken(verification)).toMatchObject({
      status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR',
    });
    expect(await passwords.consumePasswordResetToken(reset)).toMatchObject({
      status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    });

    const bob = await passwords.signIn({ tenantId, email: 'bob@example.com', password: 'a long passphrase 2' });
    expect(bob).toMatchObject({ status: 'OK', user: { loginMethods: [{ verified: true }] } });
  });
});
