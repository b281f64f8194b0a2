#!/usr/bin/env node
import { AuthError } from '../core/auth.error.js';
import { HELP, readArguments, UsageError } from './cli-arguments.js';
import { migrate } from './migrate.command.js';

const FAILED = 1;
const NOT_UNDERSTOOD = 2;

try {
  const command = readArguments(process.argv.slice(2), process.env);
  process.stdout.write(command === undefined ? HELP : await migrate(command));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}.\n\n${HELP}`);
    process.exitCode = NOT_UNDERSTOOD;
  } else {
    // Expected ones say what to do; of others the place matters.
    const text = error instanceof AuthError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = FAILED;
  }
}
