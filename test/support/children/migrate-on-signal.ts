import { once } from 'node:events';
import { writeSync } from 'node:fs';
import type { EmbeddedDatabaseOptions } from '../../../lib/core/embedded/storage/database.options.js';
import { migrateUp } from '../../../lib/core/embedded/storage/migrator.js';
import { openDatabase } from '../../../lib/core/embedded/storage/open-storage.js';

/** Opens a database, waits for SIGUSR2, migrates and says the name of each migration that it has run itself. */
const options = JSON.parse(process.argv[2] ?? '') as EmbeddedDatabaseOptions;

const database = await openDatabase(options);
const signal = once(process, 'SIGUSR2');
const staying = setInterval(() => undefined, 1000);
writeSync(1, 'ready\n');
await signal;
clearInterval(staying);
for (const name of await migrateUp(database)) writeSync(1, `${name}\n`);
await database.kysely.destroy();
