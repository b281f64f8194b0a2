import { once } from 'node:events';
import { writeSync } from 'node:fs';
import type { EmbeddedDatabaseOptions } from '../../../lib/core/embedded/storage/database.options.js';
import { migrateUp } from '../../../lib/core/embedded/storage/migrator.js';
import { openDatabase } from '../../../lib/core/embedded/storage/open-storage.js';

/** Opens each database in turn, waits for SIGUSR2, migrates and says the names of the migrations that it has run itself. */
const databases = JSON.parse(process.argv[2] ?? '') as EmbeddedDatabaseOptions[];

const staying = setInterval(() => undefined, 1000);
for (const options of databases) {
  const database = await openDatabase(options);
  const signal = once(process, 'SIGUSR2');
  writeSync(1, 'ready\n');
  await signal;
  writeSync(1, `${JSON.stringify(await migrateUp(database))}\n`);
  await database.kysely.destroy();
}
clearInterval(staying);
