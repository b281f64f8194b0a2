import { describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions, LegacySignIn } from 'latchkey';
import { startCoreService } from '../../support/core-service.js';
import { MovedUsers, OldSystemModule } from '../../support/old-system.js';
import { authModule } from '../../support/auth-app.js';
import { bootMessage } from '../../support/boot-message.js';

describe('LegacySignIn', () => {
  it('stops the boot where nothing says who the old users are', async () => {
    class Forgetful extends LegacySignIn(EmailPasswordFunctions) {}
    const message = await bootMessage(() => authModule({ emailPassword: { override: { functions: Forgetful } } }));
    expect(message).toMatch(/^LegacySignIn: Forgetful has no method findLegacyUser\. Add async findLegacyUser/);
  });

  it('stops the boot where the core is elsewhere, which has no import', async () => {
    const service = await startCoreService({ database: { sqlite: ':memory:' }, apiKeys: ['a key of the service'] });
    try {
      const core = { connectionURI: service.url, apiKey: 'a key of the service' };
      const auth = { core, imports: [OldSystemModule] };
      const message = await bootMessage(() =>
        authModule({ auth, emailPassword: { override: { functions: MovedUsers } } }),
      );
      expect(message).toMatch(
        /^LegacySignIn keeps users by the embedded core, and core has a connectionURI\. Give core/,
      );
    } finally {
      await service.close();
    }
  });
});
