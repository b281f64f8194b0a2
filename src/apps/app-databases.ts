import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { EmbeddedDatabaseOptions } from '../../lib/core/embedded/storage/database.options.js';
import { lendPool, type LentPool } from '../../lib/core/embedded/storage/postgres/pool.js';

const MAX_SCHEMA_LENGTH = 63;

/** Where each app has its data: a SQLite file beside the main one, or a schema of its own over one shared pool. */
export class AppDatabases {
  private temporaryFolder: string | undefined;

  private constructor(
    readonly main: EmbeddedDatabaseOptions,
    private readonly pool: LentPool | undefined,
  ) {}

  static async open(options: EmbeddedDatabaseOptions): Promise<AppDatabases> {
    if ('sqlite' in options) return new AppDatabases(options, undefined);
    const pool = await lendPool(options.postgres);
    return new AppDatabases({ ...options, postgres: pool.pool }, pool);
  }

  async of(appId: string): Promise<EmbeddedDatabaseOptions> {
    const { main } = this;
    if ('postgres' in main) return { ...main, schema: schemaOf(main.schema ?? 'latchkey', appId) };
    if (main.sqlite !== ':memory:') return { ...main, sqlite: fileOf(main.sqlite, appId) };
    // Not in memory: an app is opened again when its configuration changes, and must not forget its users by that.
    this.temporaryFolder ??= await mkdtemp(join(tmpdir(), 'latchkey-apps-'));
    return { ...main, sqlite: join(this.temporaryFolder, `${appId}.sqlite`) };
  }

  async close(): Promise<void> {
    await this.pool?.giveBack();
    if (this.temporaryFolder !== undefined) await rm(this.temporaryFolder, { recursive: true, force: true });
  }
}

/** `auth.sqlite` → `auth.app-acme.sqlite` */
function fileOf(main: string, appId: string): string {
  const extension = extname(main);
  return `${extension === '' ? main : main.slice(0, -extension.length)}.app-${appId}${extension}`;
}

/** Ids of apps hold no underscore, so that no two of them share a schema. */
function schemaOf(main: string, appId: string): string {
  const readable = `${main}_app_${appId.replaceAll('-', '_')}`;
  if (readable.length <= MAX_SCHEMA_LENGTH) return readable;
  const hash = createHash('sha256').update(readable).digest('hex').slice(0, 24);
  return `${main.slice(0, MAX_SCHEMA_LENGTH - hash.length - 6)}_app__${hash}`;
}
