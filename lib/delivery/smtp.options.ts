import type { InjectionToken, OptionalFactoryDependency } from '@nestjs/common';
import type { ConnectionOptions } from 'node:tls';
import { isIP } from 'node:net';
import { z } from 'zod';
import { anythingSchema, checkOptions, onFirstUse } from '../core/check-options.js';
import { isLoopbackHost } from '../core/loopback.js';
import { ConfigurationError } from '../core/auth.error.js';
import { parseEmailAddress } from '../core/email-address.js';
import { type Mailbox, parseMailbox, singleLine } from './mailbox.js';

/** A server that takes emails. */
export interface SmtpOptions {
  /** A name or an address, without a scheme or a port. */
  host: string;
  /** @default 587, or 465 where `secure` is true */
  port?: number;
  /** TLS from the first byte on. False begins in clear and goes over to TLS by STARTTLS. @default port is 465 */
  secure?: boolean;
  /**
   * Whether a server that offers no STARTTLS is refused. Without TLS, anybody in between can read the links.
   * @default true, except for servers on this machine
   */
  requireTLS?: boolean;
  /** For servers that ask for a password. @default none is sent */
  auth?: { user: string; pass: string };
  /** `support@example.com`, `Acme <support@example.com>` or both apart; the name is `appInfo.appName` without one. */
  from: string | Mailbox;
  /** Where answers go. @default `from` */
  replyTo?: string | Mailbox;
  /** For `tls.connect`, such as `{ ca }`. `rejectUnauthorized: false` lets anybody read the links. */
  tls?: ConnectionOptions;
  /** Connections that are kept open. @default 5 */
  maxConnections?: number;
  /** How long connecting may take, in milliseconds. @default 10000 */
  connectionTimeoutMs?: number;
  /** How long the server may take to greet, in milliseconds. @default 10000 */
  greetingTimeoutMs?: number;
  /** How long the server may say nothing, in milliseconds. @default 30000 */
  socketTimeoutMs?: number;
}

export interface SmtpFactory {
  useFactory: (...dependencies: never[]) => SmtpOptions | Promise<SmtpOptions>;
  inject?: (InjectionToken | OptionalFactoryDependency)[];
}

export interface ResolvedSmtpOptions {
  host: string;
  port: number;
  secure: boolean;
  requireTLS: boolean;
  auth?: { user: string; pass: string };
  from: Mailbox;
  replyTo?: Mailbox;
  tls?: ConnectionOptions;
  maxConnections: number;
  connectionTimeoutMs: number;
  greetingTimeoutMs: number;
  socketTimeoutMs: number;
}

const HOST = 'a host name such as smtp.example.com, without a scheme or a port';
const PORT = 'a port from 1 to 65535';
const MAILBOX = "an address such as 'support@example.com' or 'Acme <support@example.com>'";
const MILLISECONDS = 'a whole number of milliseconds from 1 to 600000';
const CONNECTIONS = 'a whole number from 1 to 100';

const mailboxSchema = onFirstUse(() => z.custom<string | Mailbox>((value) => toMailbox(value) !== undefined, MAILBOX));
const milliseconds = onFirstUse(() => z.int(MILLISECONDS).min(1, MILLISECONDS).max(600_000, MILLISECONDS).optional());

const smtpSchema = onFirstUse(() =>
  z.strictObject(
    {
      host: z
        .string(HOST)
        .regex(/^[\w.:-]+$/, HOST)
        .refine((host) => !/:\d+$/.test(host) || isIP(host) === 6, HOST),
      port: z.int(PORT).min(1, PORT).max(65_535, PORT).optional(),
      secure: z.boolean('true or false').optional(),
      requireTLS: z.boolean('true or false').optional(),
      auth: anythingSchema().optional(),
      from: mailboxSchema(),
      replyTo: mailboxSchema().optional(),
      tls: z.looseObject({}, 'options of tls.connect, such as { ca }').optional(),
      maxConnections: z.int(CONNECTIONS).min(1, CONNECTIONS).max(100, CONNECTIONS).optional(),
      connectionTimeoutMs: milliseconds(),
      greetingTimeoutMs: milliseconds(),
      socketTimeoutMs: milliseconds(),
    },
    '{ host, port, auth: { user, pass }, from }',
  ),
);

/** @throws {ConfigurationError} */
export function resolveSmtpOptions(input: SmtpOptions, where = 'AuthModule emailDelivery.smtp'): ResolvedSmtpOptions {
  // Apart from the rest, since a message about it must not show the password.
  const { auth } = Object(input) as { auth?: unknown };
  for (const key of ['user', 'pass']) {
    const value: unknown = (Object(auth) as Record<string, unknown>)[key];
    if (auth === undefined || (typeof value === 'string' && value !== '')) continue;
    throw new ConfigurationError(`${where}: option auth.${key} is missing or not text. Give auth: { user, pass }.`);
  }
  const options = checkOptions(where, smtpSchema(), input) as SmtpOptions;
  const { secure = options.port === 465, connectionTimeoutMs = 10_000, greetingTimeoutMs = 10_000 } = options;
  return {
    host: options.host,
    port: options.port ?? (secure ? 465 : 587),
    secure,
    requireTLS: options.requireTLS ?? !isLoopbackHost(options.host),
    auth: options.auth,
    from: toMailbox(options.from)!,
    replyTo: toMailbox(options.replyTo),
    tls: options.tls,
    maxConnections: options.maxConnections ?? 5,
    connectionTimeoutMs,
    greetingTimeoutMs,
    socketTimeoutMs: options.socketTimeoutMs ?? 30_000,
  };
}

function toMailbox(value: unknown): Mailbox | undefined {
  if (typeof value === 'string') return parseMailbox(value);
  const { name, address: text } = Object(value) as { name?: unknown; address?: unknown };
  const { address } = parseEmailAddress(text) ?? {};
  if (address === undefined || (name !== undefined && typeof name !== 'string')) return undefined;
  return name === undefined ? { address } : { name: singleLine(name), address };
}

/** As Nodemailer calls them. */
export function transportOf(options: ResolvedSmtpOptions) {
  return {
    host: options.host,
    port: options.port,
    secure: options.secure,
    requireTLS: options.requireTLS,
    auth: options.auth,
    tls: options.tls,
    maxConnections: options.maxConnections,
    connectionTimeout: options.connectionTimeoutMs,
    greetingTimeout: options.greetingTimeoutMs,
    socketTimeout: options.socketTimeoutMs,
  };
}
