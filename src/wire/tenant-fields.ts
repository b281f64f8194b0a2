import { BadInputError } from '../../lib/core/auth.error.js';
import type { TenantConfigUpdate } from '../../lib/core/tenant-config.core.js';
import type { BodyFields } from './fields.js';

/** The first factors of what were once single login methods. */
export const factorsOf = {
  emailPassword: ['emailpassword'],
  thirdParty: ['thirdparty'],
  passwordless: ['otp-email', 'otp-phone', 'link-email', 'link-phone'],
} as const;

const RESERVED = ['appid', 'recipe', 'users', 'user', 'hello', 'config', 'ee', 'telemetry', 'requests', 'apiversion'];

/** @throws {BadInputError} it would not do as a segment of a path */
export function idField(body: BodyFields, name: 'appId' | 'tenantId'): string {
  const id = body.text(name).trim().toLowerCase();
  if (id.startsWith('appid-')) throw new BadInputError(`${name} must not start with 'appid-'`);
  if (!/^[a-z0-9-]+$/.test(id)) throw new BadInputError(`${name} can only contain letters, numbers and hyphens`);
  if (RESERVED.includes(id)) throw new BadInputError(`Cannot use '${id}' as a ${name}`);
  return id;
}

/** @param firstFactors before the update, for the deprecated way to say them */
export function tenantConfigFields(body: BodyFields, firstFactors: string[] | undefined): TenantConfigUpdate {
  return {
    firstFactors: body.has('firstFactors') ? body.nullableTexts('firstFactors') : legacyFactors(body, firstFactors),
    requiredSecondaryFactors: secondaryFactors(body),
    coreConfig: body.optionalObject('coreConfig'),
  };
}

function secondaryFactors(body: BodyFields): string[] | null | undefined {
  const factors = body.has('requiredSecondaryFactors') ? body.nullableTexts('requiredSecondaryFactors') : undefined;
  if (factors?.length === 0) throw new BadInputError('requiredSecondaryFactors cannot be empty. Set null instead');
  return factors;
}

function legacyFactors(body: BodyFields, before: string[] | undefined): string[] | undefined {
  const methods = Object.keys(factorsOf) as (keyof typeof factorsOf)[];
  if (!methods.some((method) => body.has(`${method}Enabled`))) return undefined;
  return methods.flatMap((method): readonly string[] => {
    const kept = factorsOf[method].filter((factor) => before === undefined || before.includes(factor));
    const isEnabled = body.optionalBoolean(`${method}Enabled`);
    return isEnabled === undefined ? kept : isEnabled ? factorsOf[method] : [];
  });
}
