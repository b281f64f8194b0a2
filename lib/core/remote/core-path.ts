import { UnknownTenantError } from '../auth.error.js';
import { PUBLIC_TENANT_ID } from '../core.js';
import { isTenantId } from '../tenant-id.js';

/**
 * @param path below the app and the tenant, such as `/recipe/signin`
 * @throws {UnknownTenantError} none of that id can exist
 */
export function pathOf(path: string, tenantId: string | undefined): string {
  if (tenantId === undefined || tenantId === PUBLIC_TENANT_ID) return path;
  if (!isTenantId(tenantId)) throw new UnknownTenantError(String(tenantId));
  return `/${tenantId}${path}`;
}

const MAX_LOOK_UP_LENGTH = 1024;

/**
 * Whether something may be looked for by a query: what is longer than any id or email, or is no text at all in
 * UTF-8, is nobody's, and would fail on its way.
 */
export function canBeLookedUp(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= MAX_LOOK_UP_LENGTH && !/[\ud800-\udfff]/u.test(text);
}
