import { Inject, Injectable } from '@nestjs/common';
import type { EmailPasswordFunctions, Mixin, ResetPasswordUsingTokenInput, SignInInput, SignUpInput } from 'latchkey';
import { AuditLog } from './audit-log.js';

/**
 * Writes down who came in and who did not, whichever route or service asked. Where the entry cannot be written the call
 * fails: nobody comes in unrecorded.
 */
export const withAudit: Mixin<EmailPasswordFunctions> = (Base) => {
  @Injectable()
  class WithAudit extends Base {
    @Inject(AuditLog) private readonly auditLog!: AuditLog;

    override async signUp(input: SignUpInput) {
      const result = await super.signUp(input);
      const event = result.status === 'OK' ? 'signed up' : 'sign-up refused';
      await this.auditLog.record(event, input.email, input.userContext);
      return result;
    }

    override async signIn(input: SignInInput) {
      const result = await super.signIn(input);
      const event = result.status === 'OK' ? 'signed in' : 'sign-in refused';
      await this.auditLog.record(event, input.email, input.userContext);
      return result;
    }

    override async resetPasswordUsingToken(input: ResetPasswordUsingTokenInput) {
      const result = await super.resetPasswordUsingToken(input);
      if (result.status === 'OK') await this.auditLog.record('password reset', result.email, input.userContext);
      return result;
    }
  }
  return WithAudit;
};
