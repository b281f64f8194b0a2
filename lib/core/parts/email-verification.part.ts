import type { CorePart } from './core-part.js';
import { EmailVerificationCore } from '../email-verification.core.js';
import type { EmbeddedEngine } from './embedded-engine.js';
import { DAY_SECONDS } from '../engine-options.js';
import type { RemoteCoreEngine } from './remote-core-engine.js';

export const emailVerificationPart = {
  id: 'emailverification',
  port: EmailVerificationCore,
  async embedded(engine: EmbeddedEngine) {
    const { EmbeddedEmailVerificationCore } = await import('../embedded/embedded-email-verification.core.js');
    return new EmbeddedEmailVerificationCore({
      ...engine,
      emailVerificationTokenLifetimeMs: async (tenantId) =>
        (await engine.optionOf(tenantId, 'emailVerificationTokenLifetimeSeconds')) * 1000,
    });
  },
  async remote({ client, facts }: RemoteCoreEngine) {
    const { RemoteEmailVerificationCore } = await import('../remote/remote-email-verification.core.js');
    return new RemoteEmailVerificationCore(client, facts);
  },
  options: {
    emailVerificationTokenLifetimeSeconds: {
      default: DAY_SECONDS,
      min: 60,
      max: 30 * DAY_SECONDS,
      unit: 'seconds',
      environment: 'LATCHKEY_EMAIL_VERIFICATION_TOKEN_LIFETIME_SECONDS',
      doc: 'How long an email verification token works',
      coreConfig: { key: 'email_verification_token_lifetime', scale: 1000, of: 'tenant' },
    },
  },
} satisfies CorePart<EmailVerificationCore>;
