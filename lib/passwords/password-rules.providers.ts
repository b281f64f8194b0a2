import type { Provider } from '@nestjs/common';
import { overrideProvider, type Override } from '../override/override.js';
import { BreachedPasswords } from './breached-passwords.js';
import {
  BREACHED_PASSWORDS_CONFIG,
  type BreachedPasswordsOptions,
  normaliseBreachedPasswords,
} from './breached-passwords.options.js';
import { PasswordRules } from './password-rules.js';
import {
  normalisePasswordRules,
  PASSWORD_RULES_CONFIG,
  PASSWORD_RULES_OPTIONS,
  type PasswordRulesOptions,
} from './password-rules.options.js';

/** `passwordRules.breached`, where it is asked otherwise than by default. */
export type BreachedPasswordsOption = BreachedPasswordsOptions & {
  /** Asks another service. @default BreachedPasswords */
  client?: Override<BreachedPasswords>;
};

/** `passwordRules` of `AuthModule.forRoot`. */
export type PasswordRulesOption = Omit<PasswordRulesOptions, 'breached'> & {
  breached?: boolean | BreachedPasswordsOption;
  override?: Override<PasswordRules>;
};

/** @throws {ConfigurationError} */
export function passwordRulesProviders({ override, ...rules }: PasswordRulesOption): Provider[] {
  const { client, ...breached } = typeof rules.breached === 'object' ? rules.breached : {};
  const options: PasswordRulesOptions = typeof rules.breached === 'object' ? { ...rules, breached } : rules;
  return [
    { provide: PASSWORD_RULES_OPTIONS, useValue: options },
    { provide: PASSWORD_RULES_CONFIG, useValue: normalisePasswordRules(options) },
    { provide: BREACHED_PASSWORDS_CONFIG, useValue: normaliseBreachedPasswords(options.breached) },
    overrideProvider(BreachedPasswords, BreachedPasswords, client, 'AuthModule passwordRules.breached.client'),
    overrideProvider(PasswordRules, PasswordRules, override, 'AuthModule passwordRules.override'),
  ];
}
