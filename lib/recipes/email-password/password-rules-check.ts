import type { Provider } from '@nestjs/common';
import { ConfigurationError } from '../../core/auth.error.js';
import { EmailPasswordCore } from '../../core/email-password.core.js';
import { PASSWORD_RULES_OPTIONS, type PasswordRulesOptions } from '../../passwords/password-rules.options.js';
import { EMAIL_PASSWORD_CONFIG, type EmailPasswordConfig } from './email-password.options.js';

/** Finds at boot rules that would never be asked. */
export const passwordRulesCheck: Provider = {
  provide: Symbol('latchkey.email-password.password-rules-check'),
  inject: [EMAIL_PASSWORD_CONFIG, PASSWORD_RULES_OPTIONS, EmailPasswordCore],
  useFactory(config: EmailPasswordConfig, options: PasswordRulesOptions, core: EmailPasswordCore) {
    assertOneLength(config, options);
    assertHistory(core, options);
  },
};

function assertOneLength({ passwordFormFields: [password] }: EmailPasswordConfig, options: PasswordRulesOptions): void {
  const length = (['minLength', 'maxLength'] as const).find((name) => options[name] !== undefined);
  if (password?.lengthIsByRules || length === undefined) return;
  throw new ConfigurationError(
    `AuthModule passwordRules.${length} is ${options[length]}, but the field password of signUpFeature.formFields has a validate, ` +
      'which decides on the length. Remove one of them.',
  );
}

function assertHistory({ keepsFormerPasswords }: EmailPasswordCore, { historyLength = 0 }: PasswordRulesOptions): void {
  if (historyLength === 0 || keepsFormerPasswords) return;
  throw new ConfigurationError(
    `AuthModule passwordRules.historyLength is ${historyLength}, but the core is in another process (core.connectionURI), which ` +
      'keeps no former passwords. Remove historyLength, or give core: { postgres } or { sqlite }.',
  );
}
