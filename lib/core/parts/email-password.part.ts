import type { CorePart } from './core-part.js';
import { dummyHashOf } from './dummy-hash.js';
import { EmailPasswordCore } from '../email-password.core.js';
import type { EmbeddedEngine } from './embedded-engine.js';
import { DAY_SECONDS } from '../engine-options.js';
import type { RemoteCoreEngine } from './remote-core-engine.js';

export const emailPasswordPart = {
  id: 'emailpassword',
  port: EmailPasswordCore,
  async embedded(engine: EmbeddedEngine) {
    const { EmbeddedEmailPasswordCore } = await import('../embedded/embedded-email-password.core.js');
    const { passwordHasher, firebasePasswordHashing } = engine;
    return new EmbeddedEmailPasswordCore({
      ...engine,
      dummyHash: await dummyHashOf(passwordHasher),
      canVerifyFirebaseScrypt: firebasePasswordHashing !== undefined,
      passwordResetTokenLifetimeMs: async (tenantId) =>
        (await engine.optionOf(tenantId, 'passwordResetTokenLifetimeSeconds')) * 1000,
    });
  },
  async remote({ client, users, tenants, facts }: RemoteCoreEngine) {
    const { RemoteEmailPasswordCore } = await import('../remote/remote-email-password.core.js');
    return new RemoteEmailPasswordCore(client, users, tenants, facts);
  },
  loginMethod: { takenStatus: 'EMAIL_ALREADY_EXISTS_ERROR' },
  options: {
    passwordResetTokenLifetimeSeconds: {
      default: 3600,
      min: 60,
      max: 30 * DAY_SECONDS,
      unit: 'seconds',
      environment: 'LATCHKEY_PASSWORD_RESET_TOKEN_LIFETIME_SECONDS',
      doc: 'How long a password reset token works',
      coreConfig: { key: 'password_reset_token_lifetime', scale: 1000, of: 'tenant' },
    },
  },
} satisfies CorePart<EmailPasswordCore>;
