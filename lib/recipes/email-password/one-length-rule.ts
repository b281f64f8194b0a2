import type { Provider } from '@nestjs/common';
import { ConfigurationError } from '../../core/auth.error.js';
import { PASSWORD_RULES_OPTIONS, type PasswordRulesOptions } from '../../passwords/password-rules.options.js';
import { EMAIL_PASSWORD_CONFIG, type EmailPasswordConfig } from './email-password.options.js';

/** At boot: of two rules for the length one would never be asked. */
export const oneLengthRule: Provider = {
  provide: Symbol('latchkey.email-password.one-length-rule'),
  inject: [EMAIL_PASSWORD_CONFIG, PASSWORD_RULES_OPTIONS],
  useFactory({ passwordFormFields: [password] }: EmailPasswordConfig, options: PasswordRulesOptions) {
    const length = (['minLength', 'maxLength'] as const).find((name) => options[name] !== undefined);
    if (password?.lengthIsByRules || length === undefined) return;
    throw new ConfigurationError(
      `AuthModule passwordRules.${length} is ${options[length]}, but the field password of signUpFeature.formFields has a validate, ` +
        'which decides on the length. Remove one of them.',
    );
  },
};
