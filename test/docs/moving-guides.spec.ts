import { readFileSync } from 'node:fs';
import { randomBytes, scryptSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { Client } from 'pg';
import { cheapPasswordHasher } from '../contract/cores.js';
import { runCommandLine } from '../../lib/cli/latchkey.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { createEmbeddedCore } from '../../lib/core/parts/embedded-core.js';
import { UserMetadataCore } from '../../lib/core/user-metadata.core.js';
import { UsersCore } from '../../lib/core/users.core.js';
import { postgresSchema, type PostgresSchema } from '../support/postgres-schema.js';
import { testServerUrl } from '../support/postgres-server-url.js';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

const password = 'correct-horse-1';
const joined = Date.UTC(2020, 5, 1);

/** The statement that a guide shows. */
function queryOf(guide: string): string {
  const path = fileURLToPath(new URL(`../../docs/guides/${guide}.md`, import.meta.url));
  const [, query] = /```sql\n([^]*?)```/.exec(readFileSync(path, 'utf8'))!;
  return query!;
}

/** As `@better-auth/utils/password` makes it. */
function betterAuthHash(): string {
  const salt = randomBytes(16).toString('hex');
  const key = scryptSync(password.normalize('NFKC'), salt, 64, { N: 16384, r: 16, p: 1, maxmem: 2 ** 26 });
  return `${salt}:${key.toString('hex')}`;
}

interface OldDatabase {
  guide: string;
  /** Tables as far as the query reads them, with two users: Ada with a password and Google, and Bob with a provider only. */
  tables(): Promise<string>;
  /** The ids under which they come. */
  ada: string;
  bob: string;
  metadata: object;
}

const [adaId, googleId, bobId] = ['a', 'b', 'c'].map((letter) => letter.repeat(36));

const databases: OldDatabase[] = [
  {
    guide: 'moving-from-supertokens-node',
    ada: 'ada-17',
    bob: bobId!,
    metadata: { plan: 'gold\n\\' },
    tables: async () => `
      create table all_auth_recipe_users (app_id varchar(64), tenant_id varchar(64), user_id char(36),
        primary_or_recipe_user_id char(36), is_linked_or_is_a_primary_user boolean, recipe_id varchar(128), time_joined bigint);
      create table emailpassword_users (app_id varchar(64), user_id char(36), email varchar(256), password_hash varchar(256));
      create table thirdparty_users (app_id varchar(64), third_party_id varchar(28), third_party_user_id varchar(256),
        user_id char(36), email varchar(256));
      create table userid_mapping (app_id varchar(64), supertokens_user_id char(36), external_user_id varchar(128));
      create table emailverification_verified_emails (app_id varchar(64), user_id varchar(128), email varchar(256));
      create table user_metadata (app_id varchar(64), user_id varchar(128), user_metadata text);
      insert into all_auth_recipe_users values
        ('public', 'public', '${adaId}', '${adaId}', true, 'emailpassword', ${joined}),
        ('public', 'public', '${googleId}', '${adaId}', true, 'thirdparty', ${joined + 1000}),
        ('public', 'public', '${bobId}', '${bobId}', false, 'thirdparty', ${joined}),
        ('other', 'public', '${bobId}', '${bobId}', false, 'thirdparty', ${joined});
      insert into emailpassword_users values ('public', '${adaId}', 'ada@example.com', '${await cheapPasswordHasher.hash(password)}');
      insert into thirdparty_users values ('public', 'google', 'g-1', '${googleId}', 'ada@example.com'),
        ('public', 'github', 'h-1', '${bobId}', 'bob@example.com');
      insert into userid_mapping values ('public', '${adaId}', 'ada-17');
      insert into emailverification_verified_emails values ('public', 'ada-17', 'ada@example.com');
      insert into user_metadata values ('public', 'ada-17', '{"plan":\n"gold\\n\\\\"}');`,
  },
  {
    guide: 'moving-from-better-auth',
    ada: 'ada-17',
    bob: 'bob-18',
    metadata: { name: 'Ada "L"', image: null },
    tables: async () => `
      create table "user" (id text primary key, name text not null, email text not null unique, "emailVerified" boolean not null,
        image text, "createdAt" timestamptz not null, "updatedAt" timestamptz not null);
      create table account (id text primary key, "accountId" text not null, "providerId" text not null, "userId" text not null,
        password text, "createdAt" timestamptz not null, "updatedAt" timestamptz not null);
      insert into "user" values
        ('ada-17', 'Ada "L"', 'ada@example.com', true, null, to_timestamp(${joined / 1000}), now()),
        ('bob-18', 'Bob', 'bob@example.com', false, 'https://example.com/bob.png', now(), now());
      insert into account values
        ('1', 'ada-17', 'credential', 'ada-17', '${betterAuthHash()}', to_timestamp(${joined / 1000}), now()),
        ('2', 'g-1', 'google', 'ada-17', null, to_timestamp(${joined / 1000} + 1), now()),
        ('3', 'h-1', 'github', 'bob-18', null, to_timestamp(${joined / 1000}), now());`,
  },
  {
    guide: 'moving-from-passport',
    ada: '17',
    bob: '18',
    metadata: {},
    tables: async () => `
      create table users (id integer primary key, email text, password_hash text, google_id text, email_confirmed boolean,
        created_at timestamptz);
      insert into users values
        (17, 'ada@example.com', '${await bcrypt(password, { cost: 4 })}', 'g-1', true, to_timestamp(${joined / 1000})),
        (18, 'bob@example.com', null, 'h-1', false, to_timestamp(${joined / 1000}));`,
  },
];

describe('The query of a guide makes lines that npx latchkey import takes', () => {
  let folder: TemporaryFolder;
  let old: PostgresSchema;

  beforeEach(async () => {
    folder = await temporaryFolder();
    old = postgresSchema();
  });
  afterEach(async () => {
    await folder.remove();
    await old.drop();
  });

  /** As `psql -At` prints them. */
  async function linesOf({ guide, tables }: OldDatabase): Promise<string> {
    const client = new Client(testServerUrl());
    await client.connect();
    try {
      await client.query(`create schema ${old.schema}; set search_path to ${old.schema}`);
      await client.query(await tables());
      const { rows } = await client.query({
        text: queryOf(guide),
        rowMode: 'array',
        types: { getTypeParser: () => String },
      });
      return rows.map(([line]) => `${line}\n`).join('');
    } finally {
      await client.end();
    }
  }

  it.each(databases)('$guide', async (database) => {
    const sqlite = folder.path('auth.sqlite');
    const lines = await linesOf(database);
    const written: string[] = [];
    await runCommandLine(
      ['import', '--database', `sqlite:${sqlite}`],
      { core: () => Promise.reject(new Error('not asked for')) },
      {
        env: {},
        stdin: (async function* () {
          yield Buffer.from(lines);
        })(),
        stdout: { write: (text) => written.push(text) },
        stderr: { write: (text) => written.push(text) },
      },
    );
    expect(written).toEqual(['2 lines: 2 imported, 0 here already, 0 refused.\n']);

    const core = await createEmbeddedCore({ sqlite }, { passwordHasher: cheapPasswordHasher });
    try {
      const emailPassword = core.port(EmailPasswordCore);
      const { ada, bob, metadata } = database;
      expect(await emailPassword.signIn({ tenantId: 'public', email: 'ada@example.com', password })).toMatchObject({
        status: 'OK',
        user: {
          id: ada,
          timeJoined: joined,
          loginMethods: expect.arrayContaining([
            expect.objectContaining({ recipeId: 'emailpassword', email: 'ada@example.com', verified: true }),
            expect.objectContaining({ recipeId: 'thirdparty', thirdParty: { id: 'google', userId: 'g-1' } }),
          ]),
        },
      });
      expect(await core.port(UserMetadataCore).get(ada)).toEqual(metadata);
      const other = await core.port(UsersCore).getUser(bob);
      expect(other).toMatchObject({ id: bob, emails: ['bob@example.com'], loginMethods: [{ verified: false }] });
    } finally {
      await core.close();
    }
  });
});
