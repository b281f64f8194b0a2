import { Inject, Injectable } from '@nestjs/common';
import { AuthDatabase, type EmailPasswordFunctions, type Mixin, type SignUpInput } from 'latchkey';
import { startAuthApp, type AuthApp, type AuthAppOptions } from '../../support/auth-app.js';
import { testServerUrl } from '../../support/postgres-server-url.js';
import type { Framework } from '../../support/frameworks.js';
import { TypeormModule, type AppDatabase, type DatabaseName } from './app-database.js';
import { SignUpWithBetterSqlite3 } from './with-better-sqlite3.js';
import { SignUpWithKysely } from './with-kysely.js';
import { SignUpWithPg } from './with-pg.js';
import { SignUpWithTypeorm } from './with-typeorm.js';

type FunctionsClass = new (...dependencies: never[]) => EmailPasswordFunctions;

/** The overrides of the guide, each on the databases it is written for. */
export const signUpOverrides: [name: string, database: DatabaseName, override: FunctionsClass][] = [
  ['Kysely', 'SQLite', SignUpWithKysely],
  ['Kysely', 'PostgreSQL', SignUpWithKysely],
  ['TypeORM', 'PostgreSQL', SignUpWithTypeorm],
  ['pg', 'PostgreSQL', SignUpWithPg],
  ['better-sqlite3', 'SQLite', SignUpWithBetterSqlite3],
];

export const failure = new Error('the secret reason');

/** For some emails does all of it within a transaction around, and for some of these thinks better of it. */
export const failsForSome: Mixin<EmailPasswordFunctions> = (Base) => {
  @Injectable()
  class FailsForSome extends Base {
    @Inject(AuthDatabase) private readonly outerDatabase!: AuthDatabase;

    override signUp(input: SignUpInput) {
      if (!/^(nested|fails)/.test(input.email)) return super.signUp(input);
      return this.outerDatabase.transaction(async () => {
        const result = await super.signUp(input);
        if (input.email.startsWith('fails')) throw failure;
        return result;
      });
    }
  }
  return FailsForSome;
};

/** An application with its own table that signs up by one of those overrides. */
export function startSignUpApp(
  framework: Framework,
  { core }: AppDatabase,
  { auth, ...options }: AuthAppOptions,
): Promise<AuthApp> {
  const imports = [TypeormModule.forRoot({ url: testServerUrl() }), ...(auth?.imports ?? [])];
  return startAuthApp(framework, { ...options, auth: { ...auth, core, imports } });
}
