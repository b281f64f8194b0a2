import { describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions, LegacySignIn } from 'latchkey';
import { authModule } from '../../support/auth-app.js';
import { bootMessage } from '../../support/boot-message.js';

describe('LegacySignIn', () => {
  it('stops the boot where nothing says who the old users are', async () => {
    class Forgetful extends LegacySignIn(EmailPasswordFunctions) {}
    const message = await bootMessage(() => authModule({ emailPassword: { override: { functions: Forgetful } } }));
    expect(message).toMatch(/^LegacySignIn: Forgetful has no method findLegacyUser\. Add async findLegacyUser/);
  });
});
