import { AuthError } from '../core/auth.error.js';
import { type CoreCommand, HELP, readArguments, UsageError } from './cli-arguments.js';
import { migrate } from './migrate.command.js';

const FAILED = 1;
const NOT_UNDERSTOOD = 2;

/** What the commands do that the library itself does not have. */
export interface CliCommands {
  /** Runs until the process is asked to end. */
  core(command: CoreCommand): Promise<void>;
}

/** Does what the command line says, and sets the exit code of the process. */
export async function runCommandLine(args: string[], commands: CliCommands): Promise<void> {
  try {
    const command = readArguments(args, process.env);
    if (command === undefined) process.stdout.write(HELP);
    else if (command.action === 'core') await commands.core(command);
    else process.stdout.write(await migrate(command));
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
}
