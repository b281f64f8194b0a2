import type { Provider } from '@nestjs/common';
import { overrideProvider, type Override } from '../override/override.js';
import { PasswordRules } from './password-rules.js';
import {
  normalisePasswordRules,
  PASSWORD_RULES_CONFIG,
  PASSWORD_RULES_OPTIONS,
  type PasswordRulesOptions,
} from './password-rules.options.js';

/** `passwordRules` of `AuthModule.forRoot`. */
export type PasswordRulesOption = PasswordRulesOptions & { override?: Override<PasswordRules> };

/** @throws {ConfigurationError} */
export function passwordRulesProviders({ override, ...options }: PasswordRulesOption): Provider[] {
  return [
    { provide: PASSWORD_RULES_OPTIONS, useValue: options },
    { provide: PASSWORD_RULES_CONFIG, useValue: normalisePasswordRules(options) },
    overrideProvider(PasswordRules, PasswordRules, override, 'AuthModule passwordRules.override'),
  ];
}
