import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FactorNotAllowedError, UnknownTenantError } from '../../lib/core/auth.error.js';
import { EmailPasswordCore } from '../../lib/core/email-password.core.js';
import { TenantConfigCore } from '../../lib/core/tenant-config.core.js';
import { TenantsCore } from '../../lib/core/tenants.core.js';
import { ThirdPartyCore } from '../../lib/core/third-party.core.js';
import { cores, type CoreUnderTest } from './cores.js';

const password = 'correct-horse-1';
const identity = { thirdPartyId: 'acme', thirdPartyUserId: '1', email: 'bo@example.com', isVerified: true };

describe.each(cores)('first factors of a tenant: $name', ({ create }) => {
  let tested: CoreUnderTest;
  let configs: TenantConfigCore;
  /** Every operation that lets somebody in, or leads to it, by its factor. */
  let operations: Record<string, ((tenantId: string) => Promise<unknown>)[]>;

  beforeAll(async () => {
    tested = await create();
    const { core } = tested;
    configs = core.port(TenantConfigCore);
    const emailPassword = core.port(EmailPasswordCore);
    for (const tenantId of ['sso', 'closed', 'open']) await core.port(TenantsCore).createTenant(tenantId);
    await configs.updateTenantConfig({ tenantId: 'sso', firstFactors: ['thirdparty'] });
    await configs.updateTenantConfig({ tenantId: 'closed', firstFactors: [] });
    const email = 'ada@example.com';
    operations = {
      emailpassword: [
        (tenantId) => emailPassword.signUp({ tenantId, email, password }),
        (tenantId) => emailPassword.signIn({ tenantId, email, password }),
        (tenantId) => emailPassword.createResetPasswordToken({ tenantId, userId: 'x', email }),
        (tenantId) => emailPassword.resetPasswordUsingToken({ tenantId, token: 'x', newPassword: password }),
        (tenantId) => emailPassword.consumePasswordResetToken({ tenantId, token: 'x' }),
      ],
      thirdparty: [(tenantId) => core.port(ThirdPartyCore).signInUp({ ...identity, tenantId })],
    };
  });
  afterAll(() => tested.close());

  const isRefused = (work: Promise<unknown>) => expect(work).rejects.toThrow(FactorNotAllowedError);

  it.each([
    ['sso', ['thirdparty']],
    ['closed', []],
    ['open', ['emailpassword', 'thirdparty']],
    ['public', ['emailpassword', 'thirdparty']],
  ])('decide every operation of the tenant %s', async (tenantId, allowed) => {
    for (const [factorId, each] of Object.entries(operations)) {
      for (const operation of each) {
        if (allowed.includes(factorId)) await expect(operation(tenantId)).resolves.toHaveProperty('status');
        else await isRefused(operation(tenantId));
      }
    }
  });

  it('are seen at once where they are changed, and are of tenants that exist', async () => {
    const [signUp] = operations.emailpassword!;
    await configs.updateTenantConfig({ tenantId: 'open', firstFactors: ['otp-email'] });
    await isRefused(signUp!('open'));
    await configs.updateTenantConfig({ tenantId: 'open', firstFactors: null });
    await expect(signUp!('open')).resolves.toHaveProperty('status');
    await expect(configs.getTenantConfig('nowhere')).rejects.toThrow(UnknownTenantError);
  });
});
