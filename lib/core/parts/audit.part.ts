import type { CorePart } from './core-part.js';
import type { EmbeddedEngine } from './embedded-engine.js';
import type { RemoteCoreEngine } from './remote-core-engine.js';
import { AuditCore } from '../audit.core.js';
import { DAY_SECONDS } from '../engine-options.js';

export const auditPart = {
  id: 'audit',
  port: AuditCore,
  async embedded({ database, options, clock }: EmbeddedEngine) {
    const { EmbeddedAuditCore } = await import('../embedded/embedded-audit.core.js');
    const lifetimeMs = options.auditLifetimeDays * DAY_SECONDS * 1000;
    return new EmbeddedAuditCore({ database, lifetimeMs, clock });
  },
  async remote({ client }: RemoteCoreEngine) {
    const { RemoteAuditCore } = await import('../remote/remote-audit.core.js');
    return new RemoteAuditCore(client);
  },
  options: {
    auditLifetimeDays: {
      default: 365,
      min: 1,
      max: 36_500,
      unit: 'days',
      environment: 'LATCHKEY_AUDIT_LIFETIME_DAYS',
      doc: 'How long what was done in the dashboard is remembered',
    },
  },
} satisfies CorePart<AuditCore>;
