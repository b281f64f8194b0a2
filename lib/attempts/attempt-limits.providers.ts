import type { Provider } from '@nestjs/common';
import { ConfigurationError } from '../core/auth.error.js';
import { overrideProvider, type Override } from '../override/override.js';
import type { AttemptAction } from '../http/attempt-action.js';
import { AttemptGate } from '../http/attempt-gate.js';
import { AttemptLimits } from './attempt-limits.js';
import { ATTEMPT_LIMITS_CONFIG, type AttemptLimitsOptions, normaliseAttemptLimits } from './attempt-limits.options.js';
import { KnownDevices } from './known-devices.js';
import { LimitingGate } from './limiting-gate.js';

/** `attemptLimits` of `AuthModule.forRoot`: `false` counts nothing. */
export type AttemptLimitsOption = false | (AttemptLimitsOptions & { override?: Override<AttemptLimits> });

/** What a recipe brings. */
interface DeclaredAttempts {
  name: string;
  attempts?: Readonly<Record<string, AttemptAction>>;
}

/** @throws {ConfigurationError} */
export function attemptLimitsProviders(option: AttemptLimitsOption, recipes: DeclaredAttempts[]): Provider[] {
  const { override, ...options } = option === false ? ({} as Exclude<AttemptLimitsOption, false>) : option;
  const config = normaliseAttemptLimits(option === false ? false : options, actionsOf(recipes));
  return [
    { provide: ATTEMPT_LIMITS_CONFIG, useValue: config },
    overrideProvider(AttemptLimits, AttemptLimits, override, 'AuthModule attemptLimits.override'),
    KnownDevices,
    { provide: AttemptGate, useClass: LimitingGate },
  ];
}

function actionsOf(recipes: DeclaredAttempts[]): Map<string, AttemptAction> {
  const owners = new Map<string, string>();
  const actions = new Map<string, AttemptAction>();
  for (const { name, attempts = {} } of recipes) {
    for (const [action, rates] of Object.entries(attempts)) {
      const owner = owners.get(action);
      if (owner !== undefined) {
        throw new ConfigurationError(
          `AuthModule: ${owner} and ${name} both have attempts.${action}. Give it another name in one of them.`,
        );
      }
      owners.set(action, name);
      actions.set(action, rates);
    }
  }
  return actions;
}
