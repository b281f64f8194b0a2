import type { CorePart } from './core-part.js';
import type { EmbeddedEngine } from './embedded-engine.js';
import type { RemoteCoreEngine } from './remote-core-engine.js';
import { DashboardCore } from '../dashboard.core.js';
import { dummyHashOf } from './dummy-hash.js';

const HOUR_MS = 3_600_000;

export const dashboardPart = {
  id: 'dashboard',
  port: DashboardCore,
  async embedded({ database, passwordHasher, options, clock }: EmbeddedEngine) {
    const { EmbeddedDashboardCore } = await import('../embedded/embedded-dashboard.core.js');
    return new EmbeddedDashboardCore({
      database,
      passwordHasher,
      dummyHash: () => dummyHashOf(passwordHasher),
      sessionLifetimeMs: options.dashboardSessionLifetimeHours * HOUR_MS,
      clock,
    });
  },
  async remote({ client }: RemoteCoreEngine) {
    const { RemoteDashboardCore } = await import('../remote/remote-dashboard.core.js');
    return new RemoteDashboardCore(client);
  },
  options: {
    dashboardSessionLifetimeHours: {
      default: 12,
      min: 1,
      max: 30 * 24,
      unit: 'hours',
      environment: 'LATCHKEY_DASHBOARD_SESSION_LIFETIME_HOURS',
      doc: 'How long users of the dashboard stay signed in',
    },
  },
} satisfies CorePart<DashboardCore>;
