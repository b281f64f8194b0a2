import { BadInputError } from './auth.error.js';

const TENANT_ID = /^[a-z0-9-]{1,64}$/i;
/** In the segment of a tenant, the core service takes these for another app, or for the path itself. */
const TAKEN = /^(appid-.*|recipe|config|users|user|hello|apiversion|telemetry|requests|ee|bulk-import)$/i;

/** Whether a tenant of that id can be told from the rest of a path. */
export function isTenantId(tenantId: unknown): tenantId is string {
  return typeof tenantId === 'string' && TENANT_ID.test(tenantId) && !TAKEN.test(tenantId);
}

/**
 * The id as every tenant has it: in lower case, since paths are not told apart by it.
 * @throws {BadInputError} it is no text
 */
export function normaliseTenantId(tenantId: unknown): string {
  if (typeof tenantId !== 'string') throw new BadInputError('tenantId must be text');
  return tenantId.trim().toLowerCase();
}
