import { registerAs } from '@nestjs/config';
import { z } from 'zod';

/** An empty variable counts as one that is not set. */
const text = z
  .string()
  .optional()
  .transform((value) => value?.trim() || undefined);

const environmentSchema = z.object({
  PORT: text.transform((value) => portOf(value ?? '3000')),
  PUBLIC_URL: text,
  LATCHKEY_DATABASE: text,
  LATCHKEY_SCHEMA: text,
  LATCHKEY_DATABASE_FILE: text.transform((value) => value ?? 'sample.sqlite'),
  IDENTITY_PROVIDER_PORT: text.transform((value) =>
    value === undefined ? undefined : portOf(value, 'IDENTITY_PROVIDER_PORT'),
  ),
  ADMIN_EMAIL: text.transform((value) => value ?? 'administrator@example.com'),
  REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(600),
});

/** The variables that the sample reads, checked; those of a file `.env` are among them. */
export const environment = registerAs('environment', () => environmentSchema.parse(process.env));

/** @throws {Error} that says what to do, where the text is no port */
export function portOf(value: string, name = 'PORT'): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new Error(`${name} is ${JSON.stringify(value)}. Give a number from 1 to 65535: ${name}=3001 npm start`);
}
