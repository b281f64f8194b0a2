import { Injectable } from '@nestjs/common';
import {
  getRequestFromUserContext,
  ThirdPartyFunctions,
  type ThirdPartySignInUpFunctionInput,
  type ThirdPartySignInUpFunctionResult,
} from 'latchkey';
import { AuditLog, type AuditEvent } from '../audit/audit-log.js';
import { InvitesService } from './invites.service.js';

/** The list counts for those who come from a provider, too; only here their email is known. */
@Injectable()
export class InvitedThirdParty extends ThirdPartyFunctions {
  constructor(
    private readonly invites: InvitesService,
    private readonly auditLog: AuditLog,
  ) {
    super();
  }

  override async signInUp(input: ThirdPartySignInUpFunctionInput): Promise<ThirdPartySignInUpFunctionResult> {
    const user = await this.getUserByThirdPartyInfo(input);
    // An address that the provider has not verified may be anybody's.
    if (user === undefined && !(input.isVerified && this.invites.has(input.email.toLowerCase()))) {
      return { status: 'SIGN_IN_UP_NOT_ALLOWED', reason: 'Ask an administrator for an invitation.' };
    }
    const result = await super.signInUp(input);
    if (result.status === 'OK') this.record(result.createdNewRecipeUser ? 'signed up' : 'signed in', input);
    return result;
  }

  private record(event: AuditEvent, { email, userContext }: ThirdPartySignInUpFunctionInput): void {
    const userAgent = getRequestFromUserContext(userContext)?.getHeaderValue('user-agent');
    this.auditLog.record(event, email.toLowerCase(), userAgent);
  }
}
