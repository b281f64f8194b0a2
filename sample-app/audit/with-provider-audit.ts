import { Inject, Injectable } from '@nestjs/common';
import type { Mixin, ThirdPartyFunctions, ThirdPartySignInUpFunctionInput } from 'latchkey';
import { AuditLog } from './audit-log.js';

/** Writes down who came in by “Continue with …”. */
export const withProviderAudit: Mixin<ThirdPartyFunctions> = (Base) => {
  @Injectable()
  class WithProviderAudit extends Base {
    @Inject(AuditLog) private readonly providerAuditLog!: AuditLog;

    override async signInUp(input: ThirdPartySignInUpFunctionInput) {
      const result = await super.signInUp(input);
      if (result.status !== 'OK') return result;
      const event = result.createdNewRecipeUser ? 'signed up' : 'signed in';
      await this.providerAuditLog.record(event, input.email.toLowerCase(), input.userContext);
      return result;
    }
  }
  return WithProviderAudit;
};
