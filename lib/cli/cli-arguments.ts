import { parseArgs } from 'node:util';
import type { EmbeddedDatabaseOptions } from '../core/embedded/storage/database.options.js';
import { connectionStringMistake, isSchemaName } from '../core/embedded/storage/postgres/connection-string.js';

export const HELP = `Usage: latchkey migrate <status | up | sql> --database <database> [--schema <schema>] [--recipes <file>]
       latchkey core [--config <file>]

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

core serves the embedded core over HTTP, configured by environment variables such as PORT, HOST,
LATCHKEY_DATABASE and LATCHKEY_API_KEYS.

  --config     a JSON file with settings; the environment wins. Without it, LATCHKEY_CONFIG.

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

export type CliCommand = MigrateCommand | CoreCommand;

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
  if (group !== 'migrate') throw new UsageError(`There is no command ${JSON.stringify(group)}`);
  if (action === undefined) throw new UsageError(`migrate needs one of ${migrateActions.join(', ')}`);
  if (!isMigrateAction(action)) throw new UsageError(`There is no command "migrate ${action}"`);
  if (values.config !== undefined) throw new UsageError('--config belongs to the command core');
  if (others.length > 0) throw new UsageError(`There is something after "migrate ${action}" that is no option`);
  const { recipes } = values;
  if (recipes === '') throw new UsageError('--recipes names no file');
  const database = databaseOf(values.database ?? environment.LATCHKEY_DATABASE, values.schema);
  return { action, database, ...(recipes === undefined ? {} : { recipes }) };
}

function readCoreArguments(
  positionals: string[],
  { config, database, schema, recipes }: { config?: string; database?: string; schema?: string; recipes?: string },
  environment: NodeJS.ProcessEnv,
): CoreCommand {
  if (positionals.length > 1) throw new UsageError('There is something after "core" that is no option');
  if (database !== undefined || schema !== undefined) {
    throw new UsageError('core takes its database from LATCHKEY_DATABASE and LATCHKEY_SCHEMA, or from --config');
  }
  if (recipes !== undefined) throw new UsageError('--recipes belongs to the command migrate');
  const configFile = config ?? environment.LATCHKEY_CONFIG;
  return { action: 'core', ...(configFile ? { configFile } : {}) };
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
