import type { CoreOptions } from 'latchkey';

/** What can be chosen from outside: `PORT=4000 npm start`. */
export const port = readPort();

/** Where the application is reached. Cookies, links in emails and the issuer of tokens follow from it. */
export const url = `http://localhost:${port}`;

/** The file that Latchkey manages. The application's own tables are in one beside it, in any case. */
export const databaseFile = process.env.LATCHKEY_DATABASE_FILE || 'sample.sqlite';

/** Where accounts and sessions are: that file, or what `LATCHKEY_DATABASE=postgres://… npm start` names. */
export const core: CoreOptions = readCore();

function readCore(): CoreOptions {
  const { LATCHKEY_DATABASE: postgres, LATCHKEY_SCHEMA: schema } = process.env;
  if (!postgres) return { sqlite: databaseFile };
  return { postgres, ...(schema ? { schema } : {}) };
}

function readPort(): number {
  const given = process.env.PORT || '3000';
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new Error(`PORT is ${JSON.stringify(given)}. Give a number from 1 to 65535: PORT=3001 npm start`);
}
