import { Inject, Injectable } from '@nestjs/common';
import type { Mixin, ThirdPartyFunctions, ThirdPartySignInUpFunctionInput } from 'latchkey';
import { AppDatabase } from '../database/app-database.js';
import { NewUsers } from './new-users.service.js';

/** Makes the profile of those who come by “Continue with …”, in the transaction that makes their account. */
export const withProviderProfile: Mixin<ThirdPartyFunctions> = (Base) => {
  @Injectable()
  class WithProviderProfile extends Base {
    @Inject(AppDatabase) private readonly profileDatabase!: AppDatabase;
    @Inject(NewUsers) private readonly newUsers!: NewUsers;

    override signInUp(input: ThirdPartySignInUpFunctionInput) {
      return this.profileDatabase.transaction(async () => {
        const result = await super.signInUp(input);
        if (result.status === 'OK' && result.createdNewRecipeUser) {
          await this.newUsers.welcome(result.user.id, input.email.toLowerCase());
        }
        return result;
      });
    }
  }
  return WithProviderProfile;
};
