import type { CorePart } from './core-part.js';
import { EmailPasswordCore } from './email-password.core.js';
import { DAY_SECONDS } from './engine-options.js';

declare module './engine-options.js' {
  interface EngineOptions {
    /** How long a password reset token works, in seconds. @default 3600, an hour */
    passwordResetTokenLifetimeSeconds?: number;
  }
}

export const emailPasswordPart = {
  id: 'emailpassword',
  port: EmailPasswordCore,
  options: {
    passwordResetTokenLifetimeSeconds: {
      default: 3600,
      min: 60,
      max: 30 * DAY_SECONDS,
      unit: 'seconds',
      environment: 'LATCHKEY_PASSWORD_RESET_TOKEN_LIFETIME_SECONDS',
      doc: 'How long a password reset token works',
    },
  },
} satisfies CorePart<EmailPasswordCore>;
