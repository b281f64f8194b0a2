import { Inject, Injectable } from '@nestjs/common';
import type {
  Mixin,
  ThirdPartyFunctions,
  ThirdPartySignInUpFunctionInput,
  ThirdPartySignInUpFunctionResult,
} from 'latchkey';
import { InvitesService } from './invites.service.js';

/** The list counts for those who come from a provider, too; only here their email is known. */
export const withInvitation: Mixin<ThirdPartyFunctions> = (Base) => {
  @Injectable()
  class WithInvitation extends Base {
    @Inject(InvitesService) private readonly invites!: InvitesService;

    override async signInUp(input: ThirdPartySignInUpFunctionInput): Promise<ThirdPartySignInUpFunctionResult> {
      const user = await this.getUserByThirdPartyInfo(input);
      // An address that the provider has not verified may be anybody's.
      if (user === undefined && !(input.isVerified && (await this.invites.has(input.email.toLowerCase())))) {
        return { status: 'SIGN_IN_UP_NOT_ALLOWED', reason: 'Ask an administrator for an invitation.' };
      }
      return super.signInUp(input);
    }
  }
  return WithInvitation;
};
