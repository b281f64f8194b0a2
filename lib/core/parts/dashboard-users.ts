import type { DashboardCore } from '../dashboard.core.js';
import { EmbeddedDashboardCore } from '../embedded/embedded-dashboard.core.js';
import type { EmbeddedDatabaseOptions } from '../embedded/storage/database.options.js';
import { openStorage } from '../embedded/storage/open-storage.js';
import { dashboardPart } from './dashboard.part.js';
import { defaultPasswordHasher } from './default-password-hasher.js';
import { dummyHashOf } from './dummy-hash.js';

const HOUR_MS = 3_600_000;

/**
 * Who may sign in to the dashboard, over a database, without the rest of the engine: nothing else is made there, such as signing keys.
 * @throws {ConfigurationError} the database cannot be opened as configured
 */
export async function openDashboardUsers(
  options: EmbeddedDatabaseOptions,
): Promise<{ core: DashboardCore; close(): Promise<void> }> {
  const database = await openStorage(options);
  const passwordHasher = defaultPasswordHasher();
  const core = new EmbeddedDashboardCore({
    database,
    passwordHasher,
    dummyHash: () => dummyHashOf(passwordHasher),
    sessionLifetimeMs: dashboardPart.options.dashboardSessionLifetimeHours.default * HOUR_MS,
    clock: Date.now,
  });
  return { core, close: () => database.close() };
}
