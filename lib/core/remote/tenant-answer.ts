import { z } from 'zod';
import type { JsonObject } from '../json.types.js';
import type { TenantConfig, TenantConfigUpdate } from '../tenant-config.core.js';
import type { ThirdPartyConfig } from '../third-party.core.js';
import { ok } from './core-answers.js';

const enabled = z.object({ enabled: z.boolean() });
const factors = z.array(z.string()).nullish();
const provider = z.custom<ThirdPartyConfig>(
  (value) => typeof (Object(value) as { thirdPartyId?: unknown }).thirdPartyId === 'string',
);

/** What a core tells of a tenant's configuration. */
const configMembers = {
  firstFactors: factors,
  requiredSecondaryFactors: factors,
  coreConfig: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null).optional(),
  emailPassword: enabled.optional(),
  thirdParty: z.looseObject({ enabled: z.boolean().optional(), providers: z.array(provider).optional() }).optional(),
  passwordless: enabled.optional(),
};

export const tenantAnswer = ok.extend(configMembers);
/** One of a list. */
export const listedTenant = z.object({ tenantId: z.string(), ...configMembers });

type Answer = Omit<z.infer<typeof listedTenant>, 'tenantId'>;

export function configOf(answer: Answer): TenantConfig {
  const { firstFactors, requiredSecondaryFactors, coreConfig = {} } = answer;
  const allowed = firstFactors ?? enabledFactors(answer);
  return {
    ...(allowed === undefined ? {} : { firstFactors: allowed }),
    ...(requiredSecondaryFactors == null ? {} : { requiredSecondaryFactors }),
    coreConfig,
  };
}

const PASSWORDLESS = ['otp-email', 'otp-phone', 'link-email', 'link-phone'];

/** The first version of the wire has a switch for each login method. @returns undefined where all are on */
function enabledFactors({ emailPassword, thirdParty, passwordless }: Answer): string[] | undefined {
  if ([emailPassword, thirdParty, passwordless].every(isOn)) return undefined;
  return [
    ...(isOn(emailPassword) ? ['emailpassword'] : []),
    ...(isOn(thirdParty) ? ['thirdparty'] : []),
    ...(isOn(passwordless) ? PASSWORDLESS : []),
  ];
}

function isOn(method: { enabled?: boolean } | undefined): boolean {
  return method?.enabled !== false;
}

/** An update for a core of that version. */
export function withSwitches({ firstFactors, ...update }: TenantConfigUpdate): object {
  if (firstFactors === undefined) return update;
  const has = (...ids: string[]): boolean => firstFactors === null || ids.some((id) => firstFactors.includes(id));
  return {
    ...update,
    emailPasswordEnabled: has('emailpassword'),
    thirdPartyEnabled: has('thirdparty'),
    passwordlessEnabled: has(...PASSWORDLESS),
  };
}
