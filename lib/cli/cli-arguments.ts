import { parseArgs } from 'node:util';
import type { EmbeddedDatabaseOptions } from '../core/embedded/storage/database.options.js';
import { connectionStringMistake, isSchemaName } from '../core/embedded/storage/postgres/connection-string.js';
import { IGNORABLE_MEMBERS, type IgnoredMember } from '../core/imported-user.js';

export const HELP = `Usage: latchkey migrate <status | up | sql> --database <database> [--schema <schema>] [--recipes <file>]
       latchkey import [<file>] --database <database> [--schema <schema>] [--report <file>] [--ignore <members>] [--dry-run]
       latchkey dashboard <add-user <email> | list | remove <email>> --database <database> [--schema <schema>]
       latchkey core [--config <file>]
       latchkey doctor [<file> | --database <database> [--schema <schema>]]

migrate looks after the tables of latchkey's embedded core.

  status   shows which migrations were run and which are pending; changes nothing
  up       runs the pending ones, each in a transaction of its own; safe to run several times at once
  sql      prints the SQL that up would run, and runs nothing

  --database   sqlite:<file> or postgres://user:password@host:port/database
               Without it, the environment variable LATCHKEY_DATABASE, which other users of the machine
               cannot see in the list of processes.
  --schema     PostgreSQL only: the schema of the tables. Default latchkey.
  --recipes    Where the application has recipes with tables of their own: a JavaScript file that exports
               them, as recipeList has them. It is run: export const recipes = [NotesRecipe.init()]

import reads users of another system, one JSON object in a line, from the file or from standard input. Run it again after it was
stopped: it passes over who is here already. Ends with code 3 where lines were refused; the others are imported.

  --report     a file for the numbers of refused lines and the reasons. Without it, standard error.
  --ignore     what is left out instead of being refused: roles, totp, or both with a comma between.
  --dry-run    says what would happen, and writes nothing.

  LATCHKEY_FIREBASE_SIGNER_KEY   for password hashes of Firebase: the base64_signer_key of the project.

dashboard says who may sign in to the dashboard, beside those whom an API key or a permission lets in.

  add-user   asks for the password, 12 characters or more, or reads it from standard input where that is no terminal
  list       shows the email of each, and since when
  remove     ends the sessions of one in the dashboard too

core serves the embedded core over HTTP, configured by environment variables such as PORT, HOST,
LATCHKEY_DATABASE and LATCHKEY_API_KEYS.

  --config     a JSON file with settings; the environment wins. Without it, LATCHKEY_CONFIG.

doctor says what is wrong with a configuration, and what to do: options, cookies and domains, database, migrations, signing
keys, mail server, core service. It changes nothing, and ends with code 1 where something keeps the application from working.

  <file>       JavaScript that exports what AuthModule.forRoot is given, or a function that returns it. It is run:
               export const authOptions = { appInfo, core, recipeList }
               Without it, the database alone is looked at.

  --help       shows this.
`;

const migrateActions = ['status', 'up', 'sql'] as const;
export type MigrateAction = (typeof migrateActions)[number];

export interface MigrateCommand {
  action: MigrateAction;
  database: EmbeddedDatabaseOptions;
  /** A module that exports recipes from elsewhere. */
  recipes?: string;
}

export interface CoreCommand {
  action: 'core';
  configFile?: string;
}

export interface ImportCommand {
  action: 'import';
  database: EmbeddedDatabaseOptions;
  /** Without one, standard input. */
  file?: string;
  /** A file for what was refused. Without one, standard error. */
  report?: string;
  ignored: IgnoredMember[];
  dryRun: boolean;
}

export interface DoctorCommand {
  action: 'doctor';
  /** A module that exports the options of the application. Without one there is a database. */
  file?: string;
  database?: EmbeddedDatabaseOptions;
}

export type DashboardCommand = { action: 'dashboard'; database: EmbeddedDatabaseOptions } & (
  { task: 'list' } | { task: 'add-user' | 'remove'; email: string }
);

type CliCommand = MigrateCommand | CoreCommand | ImportCommand | DashboardCommand | DoctorCommand;

type Values = ReturnType<typeof parse>['values'];

/** Options that one command has alone. */
const commandOf = {
  config: 'core',
  recipes: 'migrate',
  report: 'import',
  ignore: 'import',
  'dry-run': 'import',
} as const;

/** A command line that cannot be understood. */
export class UsageError extends Error {}

/**
 * @returns undefined where help is asked for
 * @throws {UsageError}
 */
export function readArguments(args: string[], environment: NodeJS.ProcessEnv): CliCommand | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [group, action, ...others] = positionals;
  if (group === undefined) throw new UsageError('No command is given');
  if (group === 'core') return readCoreArguments(positionals, values, environment);
  if (group === 'import') return readImportArguments(positionals, values, environment);
  if (group === 'dashboard') return readDashboardArguments(positionals, values, environment);
  if (group === 'doctor') return readDoctorArguments(positionals, values, environment);
  if (group !== 'migrate') throw new UsageError(`There is no command ${JSON.stringify(group)}`);
  if (action === undefined) throw new UsageError(`migrate needs one of ${migrateActions.join(', ')}`);
  if (!isMigrateAction(action)) throw new UsageError(`There is no command "migrate ${action}"`);
  assertBelongs('migrate', values);
  if (others.length > 0) throw new UsageError(`There is something after "migrate ${action}" that is no option`);
  const { recipes } = values;
  if (recipes === '') throw new UsageError('--recipes names no file');
  const database = databaseOf(values.database ?? environment.LATCHKEY_DATABASE, values.schema);
  return { action, database, ...(recipes === undefined ? {} : { recipes }) };
}

function readCoreArguments(positionals: string[], values: Values, environment: NodeJS.ProcessEnv): CoreCommand {
  if (positionals.length > 1) throw new UsageError('There is something after "core" that is no option');
  if (values.database !== undefined || values.schema !== undefined) {
    throw new UsageError('core takes its database from LATCHKEY_DATABASE and LATCHKEY_SCHEMA, or from --config');
  }
  assertBelongs('core', values);
  const configFile = values.config ?? environment.LATCHKEY_CONFIG;
  return { action: 'core', ...(configFile ? { configFile } : {}) };
}

function readImportArguments(
  [, file, ...others]: string[],
  values: Values,
  environment: NodeJS.ProcessEnv,
): ImportCommand {
  if (others.length > 0) throw new UsageError('import takes one file. Import several one after the other');
  assertBelongs('import', values);
  const { report, ignore, 'dry-run': dryRun = false } = values;
  if (report === '') throw new UsageError('--report names no file');
  return {
    action: 'import',
    database: databaseOf(values.database ?? environment.LATCHKEY_DATABASE, values.schema),
    ...(file === undefined || file === '-' ? {} : { file }),
    ...(report === undefined ? {} : { report }),
    ignored: ignore === undefined ? [] : ignore.split(',').map(ignoredMember),
    dryRun,
  };
}

function readDashboardArguments(
  [, task, email, ...others]: string[],
  values: Values,
  environment: NodeJS.ProcessEnv,
): DashboardCommand {
  if (task === undefined) throw new UsageError('dashboard needs one of add-user, list, remove');
  assertBelongs('dashboard', values);
  const database = () => databaseOf(values.database ?? environment.LATCHKEY_DATABASE, values.schema);
  if (task === 'list') {
    if (email !== undefined) throw new UsageError('There is something after "dashboard list" that is no option');
    return { action: 'dashboard', task, database: database() };
  }
  if (task !== 'add-user' && task !== 'remove') throw new UsageError(`There is no command "dashboard ${task}"`);
  if (email === undefined) throw new UsageError(`dashboard ${task} needs an email`);
  if (others.length > 0) {
    // It may be a password, so it is not shown.
    const hint = task === 'add-user' ? '. The password is asked for, or read from standard input' : '';
    throw new UsageError(`dashboard ${task} takes an email and nothing else${hint}`);
  }
  return { action: 'dashboard', task, email, database: database() };
}

function readDoctorArguments(
  [, file, ...others]: string[],
  values: Values,
  environment: NodeJS.ProcessEnv,
): DoctorCommand {
  if (others.length > 0) throw new UsageError('doctor takes one file');
  assertBelongs('doctor', values);
  if (file === undefined) {
    return { action: 'doctor', database: databaseOf(values.database ?? environment.LATCHKEY_DATABASE, values.schema) };
  }
  if (values.database === undefined && values.schema === undefined) return { action: 'doctor', file };
  throw new UsageError('doctor takes the database from the file. Remove --database and --schema, or the file');
}

function ignoredMember(name: string): IgnoredMember {
  if (Object.hasOwn(IGNORABLE_MEMBERS, name)) return name as IgnoredMember;
  const known = Object.keys(IGNORABLE_MEMBERS).join(', ');
  throw new UsageError(`--ignore cannot leave out ${JSON.stringify(name)}, only ${known}`);
}

/** @throws {UsageError} an option of another command */
function assertBelongs(command: string, values: Values): void {
  for (const [option, owner] of Object.entries(commandOf) as [keyof typeof commandOf, string][]) {
    if (owner !== command && values[option] !== undefined) {
      throw new UsageError(`--${option} belongs to the command ${owner}`);
    }
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        database: { type: 'string' },
        schema: { type: 'string' },
        config: { type: 'string' },
        recipes: { type: 'string' },
        report: { type: 'string' },
        ignore: { type: 'string' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // What follows the first sentence is about file names that look like options.
    const [message = ''] = (error as Error).message.split('. ');
    throw new UsageError(message, { cause: error });
  }
}

function isMigrateAction(action: string): action is MigrateAction {
  return (migrateActions as readonly string[]).includes(action);
}

/** @throws {UsageError} it names no database, which is not shown: there may be a password in it */
export function databaseOf(database: string | undefined, schema: string | undefined): EmbeddedDatabaseOptions {
  if (!database) throw new UsageError('No database is given. Add --database, or set LATCHKEY_DATABASE');
  if (database.startsWith('sqlite:')) {
    const sqlite = database.slice('sqlite:'.length);
    if (sqlite === '') throw new UsageError('The database is sqlite: without a file. Give sqlite:auth.sqlite');
    if (schema !== undefined) throw new UsageError('SQLite has no schemas. Remove --schema');
    return { sqlite };
  }
  // A mistyped connection string holds a password all the same, so it is not shown.
  const mistake = connectionStringMistake(database);
  if (mistake !== undefined) throw new UsageError(`The database ${mistake}, or sqlite:auth.sqlite`);
  if (schema !== undefined && !isSchemaName(schema)) {
    throw new UsageError(
      `The schema ${JSON.stringify(schema)} is not made of lower-case letters, digits and underscores`,
    );
  }
  return { postgres: database, ...(schema === undefined ? {} : { schema }) };
}
