import { Inject, Injectable } from '@nestjs/common';
import { Core } from '../../core/core.js';
import { HealthCore } from '../../core/health.core.js';
import { RevocationFeed } from '../../core/revocation-feed.js';
import { TenantsCore } from '../../core/tenants.core.js';
import type { DashboardHealth } from './dashboard.functions.types.js';

/** Asks the core, and so its database. */
@Injectable()
export class DashboardHealthCheck {
  @Inject(Core) private readonly core!: Core;
  @Inject(RevocationFeed) private readonly revocationFeed!: RevocationFeed;

  async check(): Promise<DashboardHealth> {
    const revocations = this.revocationFeed.state.status;
    try {
      return { database: { isReachable: true }, ...(await this.askCore()), revocations };
    } catch {
      const message = 'The core does not answer: the log of other requests says why';
      return { database: { isReachable: false, message }, revocations };
    }
  }

  private async askCore(): Promise<Pick<DashboardHealth, 'outbox' | 'signingKey'>> {
    if (!this.core.offers(HealthCore)) {
      await this.core.port(TenantsCore).listTenants();
      return {};
    }
    const { outbox, signingKey } = await this.core.port(HealthCore).health();
    const nowMs = Date.now();
    const { waiting, oldestAtMs, givenUp } = outbox;
    const oldest = oldestAtMs === undefined ? {} : { oldestSeconds: secondsBetween(oldestAtMs, nowMs) };
    return {
      outbox: { waiting, ...oldest, givenUp },
      signingKey: { ageSeconds: secondsBetween(signingKey.createdAtMs, nowMs), isDue: nowMs >= signingKey.dueAtMs },
    };
  }
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) / 1000));
}
