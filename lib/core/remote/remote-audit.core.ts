import { z } from 'zod';
import {
  AuditCore,
  type AuditListInput,
  type AuditPage,
  checkedAuditLimit,
  type NewAuditEntry,
} from '../audit.core.js';
import { jsonObject, ok } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { UnknownRouteError } from './core-errors.js';

const PATH = '/latchkey/audit';

const page = ok.extend({
  entries: z.array(
    z.object({
      entryId: z.string(),
      time: z.number(),
      action: z.string(),
      actor: jsonObject,
      tenantId: z.string(),
      userId: z.string().optional(),
      address: z.string().optional(),
      detail: jsonObject,
    }),
  ),
  nextPaginationToken: z.string().optional(),
});

/** Our own core service keeps entries, by routes beside the wire. Any other core keeps none. */
export class RemoteAuditCore extends AuditCore {
  constructor(private readonly client: CoreClient) {
    super();
  }

  async record(body: NewAuditEntry): Promise<boolean> {
    try {
      await this.client.call({ method: 'POST', path: PATH, body, answer: ok });
      return true;
    } catch (error) {
      if (error instanceof UnknownRouteError) return false;
      throw error;
    }
  }

  async list({ limit, paginationToken, userId }: AuditListInput): Promise<AuditPage | undefined> {
    const query = { limit: checkedAuditLimit(limit), paginationToken, userId };
    try {
      const { entries, nextPaginationToken } = await this.client.call({
        method: 'GET',
        path: PATH,
        query,
        answer: page,
      });
      return nextPaginationToken === undefined ? { entries } : { entries, nextPaginationToken };
    } catch (error) {
      if (error instanceof UnknownRouteError) return undefined;
      throw error;
    }
  }
}
