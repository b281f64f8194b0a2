import { isIP } from 'node:net';

/** A mail server, as `emailDelivery: { smtp }` takes it. */
export interface MailServer {
  host: string;
  port?: number;
  secure?: boolean;
  requireTLS?: boolean;
  auth?: { user: string; pass: string };
}

/** A client at a provider of OpenID Connect. */
export interface OpenIDSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** On the button "Continue with …". */
  name: string;
}

/** @throws {Error} that says what to do, where the text is no port */
export function portOf(value: string, name = 'PORT'): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new Error(`${name} is ${JSON.stringify(value)}. Give a number from 1 to 65535: ${name}=3001 npm start`);
}

/** @throws {Error} that says what to do, where the text is no address of the web */
export function webAddressOf(value: string, name: string): string {
  if (/^https?:\/\/[^/]/i.test(value) && URL.canParse(value)) return value.replace(/\/$/, '');
  throw new Error(`${name} is ${JSON.stringify(value)}. Give an address such as ${name}=https://www.example.com`);
}

/** @throws {Error} that says what to do, where one of those between the commas is no address of the web */
export function webAddressesOf(value: string, name: string): string[] {
  return value.split(',').map((address) => webAddressOf(address.trim(), name));
}

/**
 * As `trust proxy` of Express takes it: how many proxies there are before the application, or their addresses.
 * @throws {Error} that says what to do, where the text is neither
 */
export function trustedProxiesOf(value: string, name = 'TRUSTED_PROXIES'): number | string[] {
  if (/^\d{1,2}$/.test(value)) return Number(value);
  const proxies = value.split(',').map((proxy) => proxy.trim());
  if (proxies.every(isProxy)) return proxies;
  throw new Error(
    `${name} is ${JSON.stringify(value)}. Give their number, or their addresses: ${name}=1 or ${name}=10.0.0.0/8,loopback`,
  );
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits = '0', ...rest] = text.split('/');
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
}

/**
 * `smtp://` begins in clear and goes over to TLS, `smtps://` is TLS from the start. `?requireTLS=false` sends to a server in a
 * network of one's own that has no TLS.
 * @throws {Error} that says what to do, and keeps the password to itself
 */
export function mailServerOf(value: string, name = 'SMTP_URL'): MailServer {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const { requireTLS = 'true', ...rest } = Object.fromEntries(url?.searchParams ?? []);
  const isKnown = Object.keys(rest).length === 0 && ['true', 'false'].includes(requireTLS);
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || !url.hostname || /[^/]/.test(url.pathname) || !isKnown) {
    throw new Error(
      `${name} is no address of a mail server. Give ${name}=smtp://user:password@smtp.example.com:587, or smtps:// for TLS from ` +
        'the start; ?requireTLS=false at its end allows a server without TLS. Write %40 for an @ in the password.',
    );
  }
  return {
    host: url.hostname,
    port: url.port ? Number(url.port) : undefined,
    secure: url.protocol === 'smtps:',
    // Left out where nothing is said: a server on this machine needs no TLS.
    requireTLS: url.searchParams.has('requireTLS') ? requireTLS === 'true' : undefined,
    auth: url.username ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } : undefined,
  };
}

/** @throws {Error} that says what to do, where the text is no sender */
export function mailboxOf(value: string, name: string): string {
  if (/^(?:[^<>@]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(value)) return value;
  throw new Error(`${name} is ${JSON.stringify(value)}. Give a sender such as ${name}="Acme <no-reply@example.com>"`);
}

/**
 * @returns undefined where none of the variables is set
 * @throws {Error} that names those that are missing
 */
export function openIDOf(variables: {
  OIDC_ISSUER?: string;
  OIDC_CLIENT_ID?: string;
  OIDC_CLIENT_SECRET?: string;
  OIDC_NAME?: string;
}): OpenIDSettings | undefined {
  const {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_NAME: name,
  } = variables;
  if (issuer && clientId && clientSecret) return { issuer, clientId, clientSecret, name: name ?? 'OpenID' };
  if (!issuer && !clientId && !clientSecret && !name) return undefined;
  const needed = { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret };
  const missing = Object.entries(needed).flatMap(([variable, value]) => (value ? [] : [variable]));
  throw new Error(
    `${missing.join(' and ')} not set, though another OIDC_ variable is. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or none of them.`,
  );
}
