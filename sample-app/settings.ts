import { fileURLToPath } from 'node:url';
import type { CoreOptions } from 'latchkey';

/** `index.html`, and beside it what it asks for. */
export const webFolder = fileURLToPath(new URL('web', import.meta.url));

/** What can be chosen from outside: `PORT=4000 npm start`. */
export const port = portOf(process.env.PORT || '3000');

/** Where this process listens. */
export const localURL = `http://localhost:${port}`;

/**
 * Where the application is reached: several processes behind a load balancer share one `PUBLIC_URL`. Cookies, links in emails, and
 * whom tokens are for follow from it.
 */
export const url = process.env.PUBLIC_URL || localURL;

/** The file that Latchkey manages. The application's own tables are in one beside it, in any case. */
export const databaseFile = process.env.LATCHKEY_DATABASE_FILE || 'sample.sqlite';

/** Where accounts and sessions are: that file, or what `LATCHKEY_DATABASE=postgres://… npm start` names. */
export const core: CoreOptions = readCore();

function readCore(): CoreOptions {
  const { LATCHKEY_DATABASE: postgres, LATCHKEY_SCHEMA: schema } = process.env;
  if (!postgres) return { sqlite: databaseFile };
  return { postgres, ...(schema ? { schema } : {}) };
}

/** @throws {Error} that says what to do, where the text is no port */
export function portOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new Error(`PORT is ${JSON.stringify(text)}. Give a number from 1 to 65535: PORT=3001 npm start`);
}
