import { BadInputError } from '../../lib/core/auth.error.js';
import {
  assertPossibleForTenant,
  configuredValue,
  engineValue,
  engineValueRange,
  wireValue,
} from '../../lib/core/core-config.js';
import {
  type EngineOption,
  type EngineOptions,
  type EngineOptionTable,
  resolveEngineOptions,
  sessionOptions,
} from '../../lib/core/engine-options.js';
import type { JsonObject } from '../../lib/core/json.types.js';
import { ApiKeys, splitApiKeys } from './api-keys.js';

/** Keys that are no numbers: what each takes. */
const otherKeys: Record<string, { takes: string; test(value: unknown): boolean }> = {
  access_token_signing_key_dynamic: { takes: 'true or false', test: (value) => booleanOf(value) !== undefined },
  api_keys: { takes: 'a text of keys, separated by commas', test: (value) => typeof value === 'string' },
};

/** Who is configured. */
type CoreConfigOwner = 'app' | 'tenant';

/** What drivers say of an app and of a tenant in `coreConfig`: its keys, and what they do in the engine. */
export class CoreConfigs {
  private readonly options: ReadonlyMap<string, { name: string; option: EngineOption }>;

  constructor(table: EngineOptionTable) {
    const named = Object.entries(table).filter(([, { coreConfig }]) => coreConfig !== undefined);
    this.options = new Map(named.map(([name, option]) => [option.coreConfig!.key, { name, option }]));
  }

  /** Those of an app that change nothing here are kept and handed back all the same. */
  ignoredKeys(coreConfig: JsonObject): string[] {
    return Object.keys(coreConfig).filter((key) => !this.options.has(key) && !Object.hasOwn(otherKeys, key));
  }

  /**
   * @param coreConfig a change of it, in which `null` takes a key away
   * @throws {BadInputError} a value that the key cannot have; of a tenant also a key that it cannot have
   */
  assertPossible(coreConfig: JsonObject, owner: CoreConfigOwner): void {
    for (const [key, value] of Object.entries(coreConfig)) {
      const problem = value === null ? undefined : this.problemWith(key, value, owner);
      if (problem !== undefined) throw new BadInputError(`Invalid core config: ${problem}`);
    }
    if (owner === 'tenant') {
      assertPossibleForTenant(
        [...this.options.values()].map(({ option }) => option),
        coreConfig,
      );
    }
  }

  /**
   * What the `coreConfig` of an app changes in the options of the service.
   * @throws {BadInputError} lifetimes that do not go together
   */
  engineOptions(coreConfig: JsonObject, inherited: EngineOptions): EngineOptions {
    const numbers = [...this.options.values()].map(({ name, option }) => [name, configuredValue(option, coreConfig)]);
    const configured = Object.fromEntries(numbers.filter(([, value]) => value !== undefined)) as EngineOptions;
    if (booleanOf(coreConfig.access_token_signing_key_dynamic) === false) {
      configured.signingKeyLifetimeHours = sessionOptions.signingKeyLifetimeHours.max;
    }
    const options: EngineOptions = { ...inherited, ...configured };
    const lifetimes = resolveEngineOptions(options, sessionOptions);
    if (lifetimes.refreshTokenLifetimeSeconds <= lifetimes.accessTokenLifetimeSeconds) {
      throw new BadInputError(
        "Invalid core config: 'refresh_token_validity' must be strictly greater than 'access_token_validity'.",
      );
    }
    return options;
  }

  /**
   * Every number that can be configured, as it is for a tenant.
   * @param engine of its app
   * @param coreConfig of the tenant
   */
  entries(engine: EngineOptions, coreConfig: JsonObject) {
    const numbers = engine as Record<string, number | undefined>;
    return [...this.options].map(([key, { name, option }]) => {
      const isOfTenant = option.coreConfig?.of === 'tenant';
      const ofTenant = isOfTenant ? configuredValue(option, coreConfig) : undefined;
      return {
        key,
        valueType: 'number',
        value: wireValue(option, ofTenant ?? numbers[name] ?? option.default),
        description: `${option.doc}.`,
        isDifferentAcrossTenants: isOfTenant,
        possibleValues: null,
        isNullable: false,
        defaultValue: wireValue(option, option.default),
        isPluginProperty: false,
        isPluginPropertyEditable: false,
      };
    });
  }

  private problemWith(key: string, value: unknown, owner: CoreConfigOwner): string | undefined {
    const option = this.options.get(key)?.option;
    const other = Object.hasOwn(otherKeys, key) ? otherKeys[key] : undefined;
    if (owner === 'tenant') return other && `'${key}' is set for the whole app, not for a tenant`;
    if (option !== undefined) {
      return engineValue(option, value) === undefined ? `'${key}' must be ${engineValueRange(option)}` : undefined;
    }
    return other === undefined || other.test(value) ? undefined : `'${key}' must be ${other.takes}`;
  }
}

/** @returns undefined where the keys of the service are to be taken */
export function apiKeysOf({ api_keys }: JsonObject): ApiKeys | undefined {
  return typeof api_keys === 'string' && api_keys !== '' ? new ApiKeys(splitApiKeys(api_keys)) : undefined;
}

/** As drivers are shown it: its keys are for those who have one. */
export function shownCoreConfig({ api_keys: _secret, ...coreConfig }: JsonObject): JsonObject {
  return coreConfig;
}

/** Drivers and dashboards also send texts. */
function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
