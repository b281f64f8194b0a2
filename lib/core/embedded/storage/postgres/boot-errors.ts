import { AuthError, ConfigurationError, StorageUnavailableError } from '../../../auth.error.js';
import type { PostgresAddress } from './pool.js';
import { describe, errorCode } from './postgres-errors.js';

/** What it says when the database cannot be used at all; it passes for a database that is only starting. */
export function bootError(error: unknown, address: PostgresAddress): unknown {
  const cause = error instanceof AuthError && error.cause !== undefined ? error.cause : error;
  const { host, port, database, user } = address;
  const where = `${host}:${port}, database ${database}`;
  const mistake = mistakeOf(cause, address);
  if (mistake !== undefined) return new ConfigurationError(`core.postgres: ${mistake}`, { cause });
  return new StorageUnavailableError({
    detail: `core.postgres: ${where} does not serve user ${user} at present (${describe(cause)}). Try again later`,
    cause,
  });
}

function mistakeOf(cause: unknown, { host, port, database, user }: PostgresAddress): string | undefined {
  const where = `${host}:${port}, database ${database}`;
  switch (errorCode(cause)) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return `nothing listens at ${where}. Start PostgreSQL there, or correct the host and port`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host of ${where} has no address. Correct the host`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${where} cannot be reached (${describe(cause)}). Correct the host and port, or open the way to them`;
    case '3D000':
      return `there is no database ${database} at ${host}:${port}. Create it, or correct its name`;
    case '28P01':
      return `${where} refuses the password of user ${user}. Correct the user and the password`;
    case '28000':
      return `${where} does not let user ${user} in (${describe(cause)}). Correct the user, or pg_hba.conf on the server`;
    default:
      return isWithoutPassword(cause)
        ? `${where} asks for a password, and none is given for user ${user}. Give one`
        : undefined;
  }
}

function isWithoutPassword(cause: unknown): boolean {
  return cause instanceof Error && /password must be a string/i.test(cause.message);
}
