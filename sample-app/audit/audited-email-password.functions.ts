import { Injectable } from '@nestjs/common';
import {
  EmailPasswordFunctions,
  getRequestFromUserContext,
  type ResetPasswordUsingTokenInput,
  type SignInInput,
  type SignUpInput,
  type UserContext,
} from 'latchkey';
import { AuditLog, type AuditEvent } from './audit-log.js';

/**
 * Writes down who came in and who did not, whichever route or service asked. Where the entry cannot be
 * written the call fails: nobody comes in unrecorded.
 */
@Injectable()
export class AuditedEmailPassword extends EmailPasswordFunctions {
  constructor(private readonly auditLog: AuditLog) {
    super();
  }

  override async signUp(input: SignUpInput) {
    const result = await super.signUp(input);
    this.record(result.status === 'OK' ? 'signed up' : 'sign-up refused', input.email, input.userContext);
    return result;
  }

  override async signIn(input: SignInInput) {
    const result = await super.signIn(input);
    this.record(result.status === 'OK' ? 'signed in' : 'sign-in refused', input.email, input.userContext);
    return result;
  }

  override async resetPasswordUsingToken(input: ResetPasswordUsingTokenInput) {
    const result = await super.resetPasswordUsingToken(input);
    if (result.status === 'OK') this.record('password reset', result.email, input.userContext);
    return result;
  }

  private record(event: AuditEvent, email: string, userContext: UserContext | undefined): void {
    this.auditLog.record(event, email, getRequestFromUserContext(userContext)?.getHeaderValue('user-agent'));
  }
}
