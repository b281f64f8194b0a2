import type { CorePart } from './core-part.js';
import { EmailVerificationCore } from './email-verification.core.js';
import { DAY_SECONDS } from './engine-options.js';

declare module './engine-options.js' {
  interface EngineOptions {
    /** How long an email verification token works, in seconds. @default 86400, a day */
    emailVerificationTokenLifetimeSeconds?: number;
  }
}

export const emailVerificationPart = {
  id: 'emailverification',
  port: EmailVerificationCore,
  options: {
    emailVerificationTokenLifetimeSeconds: {
      default: DAY_SECONDS,
      min: 60,
      max: 30 * DAY_SECONDS,
      unit: 'seconds',
      environment: 'LATCHKEY_EMAIL_VERIFICATION_TOKEN_LIFETIME_SECONDS',
      doc: 'How long an email verification token works',
    },
  },
} satisfies CorePart<EmailVerificationCore>;
