import { registerAs } from '@nestjs/config';
import { z } from 'zod';
import {
  mailboxOf,
  mailServerOf,
  openIDOf,
  portOf,
  trustedProxiesOf,
  webAddressesOf,
  webAddressOf,
} from './parsed-variables.js';

/** An empty variable counts as one that is not set. */
const text = z
  .string()
  .optional()
  .transform((value) => value?.trim() || undefined);

/** What a variable holds where it is set. */
function read<Value>(name: string, parse: (value: string, name: string) => Value) {
  return text.transform((value) => (value === undefined ? undefined : parse(value, name)));
}

const variables = {
  NODE_ENV: text,
  PORT: read('PORT', portOf).transform((port) => port ?? 3000),
  PUBLIC_URL: read('PUBLIC_URL', webAddressOf),
  PAGE_ORIGINS: read('PAGE_ORIGINS', webAddressesOf),
  TRUSTED_PROXIES: read('TRUSTED_PROXIES', trustedProxiesOf),
  LATCHKEY_DATABASE: text,
  LATCHKEY_SCHEMA: text,
  LATCHKEY_DATABASE_FILE: text.transform((value) => value ?? 'sample.sqlite'),
  LATCHKEY_MIGRATIONS: read('LATCHKEY_MIGRATIONS', migrationsOf),
  SMTP_URL: read('SMTP_URL', mailServerOf),
  MAIL_FROM: read('MAIL_FROM', mailboxOf).transform((value) => value ?? 'no-reply@sample.test'),
  INBOX_URL: read('INBOX_URL', webAddressOf),
  OIDC_ISSUER: read('OIDC_ISSUER', webAddressOf),
  OIDC_CLIENT_ID: text,
  OIDC_CLIENT_SECRET: text,
  OIDC_NAME: text,
  IDENTITY_PROVIDER_PORT: read('IDENTITY_PROVIDER_PORT', portOf),
  ADMIN_EMAIL: text.transform((value) => value ?? 'administrator@example.com'),
  REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(600),
};

const environmentSchema = z.object(variables).transform((values) => ({ ...values, openID: openIDOf(values) }));

/** The variables that the sample reads, checked; those of a file `.env` are among them. */
export const environment = registerAs('environment', () => environmentSchema.parse(process.env));

function migrationsOf(value: string): 'auto' | 'check' {
  if (value === 'auto' || value === 'check') return value;
  throw new Error(`LATCHKEY_MIGRATIONS is ${JSON.stringify(value)}. Give auto or check.`);
}
