import { AuthError } from '../core/auth.error.js';
import { type CoreCommand, HELP, readArguments, UsageError } from './cli-arguments.js';
import { changeDashboardUsers } from './dashboard.command.js';
import { importUsers } from './import.command.js';
import { migrate } from './migrate.command.js';
import type { Terminal } from './terminal.js';

export type { Terminal };

const FAILED = 1;
const NOT_UNDERSTOOD = 2;
const LINES_REFUSED = 3;

/** What the commands do that the library itself does not have. */
interface CliCommands {
  /** Runs until the process is asked to end. */
  core(command: CoreCommand): Promise<void>;
}

/** Does what the command line says, and sets the exit code. */
export async function runCommandLine(
  args: string[],
  commands: CliCommands,
  terminal: Terminal = process,
): Promise<void> {
  try {
    const command = readArguments(args, terminal.env);
    if (command === undefined) terminal.stdout.write(HELP);
    else if (command.action === 'core') await commands.core(command);
    else if (command.action === 'import') {
      if (!(await importUsers(command, terminal))) terminal.exitCode = LINES_REFUSED;
    } else if (command.action === 'dashboard') await changeDashboardUsers(command, terminal);
    else if (command.action === 'doctor') {
      // It knows recipes and mail servers, which the others need not load.
      const { doctor } = await import('./doctor.command.js');
      if (!(await doctor(command, terminal))) terminal.exitCode = FAILED;
    } else terminal.stdout.write(await migrate(command));
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.stderr.write(`${error.message}.\n\n${HELP}`);
      terminal.exitCode = NOT_UNDERSTOOD;
    } else {
      // Expected ones say what to do; of others the place matters.
      const text = error instanceof AuthError ? error.message : error instanceof Error ? error.stack : String(error);
      terminal.stderr.write(`${text}\n`);
      terminal.exitCode = FAILED;
    }
  }
}
