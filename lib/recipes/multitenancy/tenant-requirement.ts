import { Inject, Injectable } from '@nestjs/common';
import type { SessionRequirement } from '../../claims/session-requirement.js';
import { type MaybePromise, whenThere } from '../../core/maybe-promise.js';
import { isTenantId } from '../../core/tenant-id.js';
import type { UserContext } from '../../http/user-context.js';
import type { ClaimValidationResult, SessionClaimValidator } from '../session/index.js';
import type { MultitenancyConfig } from './multitenancy.options.js';
import { TenantByFunction, tenantInPath } from './tenant-by-function.js';

/** Compares the tenant of a session with the one of the request. */
@Injectable()
export class TenantValidator implements SessionClaimValidator {
  readonly id = 'tenant';
  @Inject(TenantByFunction) private readonly tenants!: TenantByFunction;

  validate(payload: object, userContext: UserContext): MaybePromise<ClaimValidationResult> {
    const { tId } = payload as { readonly tId?: unknown };
    return whenThere(this.tenants.ofRoute(tenantInPath(userContext), userContext), (expected) => judge(expected, tId));
  }
}

/** A request that names no tenant is refused: nobody knows whose data it is about. */
function judge(expected: string | undefined, actual: unknown): ClaimValidationResult {
  if (expected === undefined) return { isValid: false, reason: { message: 'the request names no tenant' } };
  if (expected === actual) return { isValid: true };
  // It comes from the caller: what cannot be an id is not repeated.
  const named = isTenantId(expected) ? { expectedValue: expected } : {};
  return { isValid: false, reason: { message: 'wrong value', ...named, actualValue: String(actual) } };
}

const TENANT_IN_PATH = /:tenantId(?!\w)/;

/** The option `tenant` of `@Session()`. */
export const tenantRequirement: SessionRequirement<MultitenancyConfig> = {
  option: 'tenant',
  mistake: (value) => (value === 'from-path' ? undefined : `is ${JSON.stringify(value)}. Write 'from-path'.`),
  mistakeOn(_value, { paths }, service) {
    const without = paths.find((path) => !TENANT_IN_PATH.test(path));
    if (without === undefined || service(TenantByFunction).isOverridden) return undefined;
    return (
      `is 'from-path', but the path ${without} names no tenant, so that every request would be refused. Add :tenantId to the ` +
      'path, or override getTenantId of MultitenancyFunctions, which finds the tenant elsewhere.'
    );
  },
  validators: (_value, _config, service) => [service(TenantValidator)],
};
