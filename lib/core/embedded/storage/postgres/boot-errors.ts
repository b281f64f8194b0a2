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
      if (/no encryption|SSL off/i.test(describe(cause))) {
        return `${where} lets user ${user} in over TLS only (${describe(cause)}). Add ?sslmode=verify-full, or give ssl`;
      }
      return `${where} does not let user ${user} in (${describe(cause)}). Correct the user, or pg_hba.conf on the server`;
    default:
      if (isWithoutPassword(cause)) {
        return `${where} asks for a password, and none is given for user ${user}. Give one`;
      }
      return tlsMistake(cause, where);
  }
}

/** By the codes of Node's TLS, https://nodejs.org/api/tls.html#x509-certificate-error-codes, and in the words of pg. */
function tlsMistake(cause: unknown, where: string): string | undefined {
  const code = errorCode(cause) ?? '';
  if (cause instanceof Error && /does not support SSL/i.test(cause.message)) {
    return `${where} does not speak TLS, which sslmode or ssl asks for. Switch it on there (ssl = on), or leave the option out`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate of ${where} is for another host (${describe(cause)}). Give the host that it names`;
  }
  if (/SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|^CERT_UNTRUSTED/.test(code)) {
    return (
      `the certificate of ${where} is signed by nobody that this process trusts (${describe(cause)}). ` +
      "Give the provider's CA: postgres: { connectionString, ssl: { ca } }, or ?sslrootcert=ca.pem"
    );
  }
  if (code.startsWith('CERT_')) return `the certificate of ${where} is not valid (${describe(cause)}). Renew it`;
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)) {
    return `${where} and this process do not agree on TLS (${describe(cause)}). Correct sslmode or ssl`;
  }
  return undefined;
}

function isWithoutPassword(cause: unknown): boolean {
  return cause instanceof Error && /password must be a string/i.test(cause.message);
}
