import { existsSync } from 'node:fs';
import { BadInputError, ConfigurationError } from '../core/auth.error.js';
import type { CreateDashboardUserResult, DashboardCore, DashboardUser } from '../core/dashboard.core.js';
import type { EmbeddedDatabaseOptions } from '../core/embedded/storage/database.options.js';
import { openDashboardUsers } from '../core/parts/dashboard-users.js';
import type { DashboardCommand } from './cli-arguments.js';
import { askPassword } from './ask-password.js';
import type { Terminal } from './terminal.js';

/** @throws {BadInputError} what is wrong with the email or the password; nothing was changed */
export async function changeDashboardUsers(command: DashboardCommand, terminal: Terminal): Promise<void> {
  const { core, close } = await openDashboardUsers(databaseFor(command));
  try {
    terminal.stdout.write(`${await run(command, core, terminal)}\n`);
  } finally {
    await close();
  }
}

/** @returns what to print */
async function run(command: DashboardCommand, core: DashboardCore, terminal: Terminal): Promise<string> {
  if (command.task === 'list') return listOf(await core.listUsers());
  const { email } = command;
  if (command.task === 'add-user') {
    const password = await askPassword(terminal, `Password of ${JSON.stringify(email)} for the dashboard`);
    return `${emailOf(email, await core.createUser({ email, password }))} may sign in to the dashboard.`;
  }
  const { didUserExist } = await core.deleteUser({ email });
  if (!didUserExist) throw new BadInputError(`${JSON.stringify(email)} is no user of the dashboard. Run: ${LIST}`);
  return `${email} may no longer sign in to the dashboard.`;
}

const LIST = 'npx latchkey dashboard list';

function listOf(users: DashboardUser[]): string {
  if (users.length === 0) return 'Nobody. Run: npx latchkey dashboard add-user <email>';
  return users.map(({ email, timeCreated }) => `${email}  since ${new Date(timeCreated).toISOString()}`).join('\n');
}

/** @throws {BadInputError} */
function emailOf(email: string, result: CreateDashboardUserResult): string {
  switch (result.status) {
    case 'OK':
      return result.user.email;
    case 'EMAIL_ALREADY_EXISTS_ERROR':
      throw new BadInputError(
        `${JSON.stringify(email)} is a user of the dashboard already. For a new password remove and add it again`,
      );
    case 'INVALID_EMAIL_ERROR':
      throw new BadInputError(`${JSON.stringify(email)} is not an email address`);
    case 'PASSWORD_WEAK_ERROR':
      throw new BadInputError(result.message);
  }
}

/** Users may be added before the application has started; there is nobody to be listed or removed where it has not. */
function databaseFor({ task, database }: DashboardCommand): EmbeddedDatabaseOptions {
  if (task === 'add-user') return database;
  if ('sqlite' in database && !existsSync(database.sqlite)) {
    throw new ConfigurationError(`There is no SQLite file ${database.sqlite}. Name the one that the application opens`);
  }
  return { ...database, migrations: 'check' };
}
