import { Inject, Injectable, Logger } from '@nestjs/common';
import { AttemptLimits } from '../../attempts/attempt-limits.js';
import type { NewAuditEntry } from '../../core/audit.core.js';
import { Core } from '../../core/core.js';
import type { JsonObject } from '../../core/json.types.js';
import { logLine } from '../../core/log-line.js';
import type { ApiCall } from '../../http/api-call.js';
import { nameOfActor, type DashboardActor } from './dashboard-actor.js';
import { DashboardFunctions } from './dashboard.functions.js';

/** What an entry says beside who, when and from where. */
export interface Audited {
  /** Whom it is about. */
  userId?: string;
  detail?: JsonObject;
}

/** A change that somebody is let in to make. */
interface AuditedChange {
  /** The name of the API method. */
  action: string;
  actor: DashboardActor;
  call: ApiCall;
  /** @param result undefined where an override has sent its own response */
  describe(result: unknown): Audited;
}

/** Keeps an entry for each change, together with it. */
@Injectable()
export class DashboardAudit {
  @Inject(Core) private readonly core!: Pick<Core, 'transaction'>;
  @Inject(AttemptLimits) private readonly attemptLimits!: AttemptLimits;
  @Inject(DashboardFunctions) private readonly functions!: DashboardFunctions;
  private readonly logger = new Logger('Audit');

  /** What changes nothing, as its status says, leaves no entry. */
  async around(change: AuditedChange, work: () => Promise<unknown>): Promise<unknown> {
    return this.core.transaction(async () => {
      const result = await work();
      if (!isRefusal(result)) await this.record(change, result);
      return result;
    });
  }

  private async record({ action, actor, call, describe }: AuditedChange, result: unknown): Promise<void> {
    const { tenantId, userContext } = call;
    const address = await this.attemptLimits.getAddress({ action, tenantId, userContext });
    const { userId, detail = {} } = describe(result);
    const entry: NewAuditEntry = {
      action,
      actor: nameOfActor(actor) as unknown as JsonObject,
      tenantId,
      ...(userId === undefined ? {} : { userId }),
      ...(address === undefined ? {} : { address }),
      detail,
    };
    try {
      if (await this.functions.recordAuditEntry({ entry, userContext })) return;
    } catch (error) {
      this.logger.error(`Not kept: ${logLine(JSON.stringify(entry))}`);
      throw error;
    }
    // A core of another maker keeps none.
    this.logger.log(logLine(JSON.stringify(entry)));
  }
}

function isRefusal(result: unknown): boolean {
  const { status } = Object(result) as { status?: unknown };
  return typeof status === 'string' && status !== 'OK';
}
