import { Inject, Injectable } from '@nestjs/common';
import type { EmailPasswordFunctions, Mixin, SignUpInput } from 'latchkey';
import { AppDatabase } from '../database/app-database.js';
import { NewUsers } from './new-users.service.js';

/** Makes the profile in the transaction of the sign-up: both are kept, or neither. */
export const withProfile: Mixin<EmailPasswordFunctions> = (Base) => {
  @Injectable()
  class WithProfile extends Base {
    @Inject(AppDatabase) private readonly profileDatabase!: AppDatabase;
    @Inject(NewUsers) private readonly newUsers!: NewUsers;

    override signUp(input: SignUpInput) {
      return this.profileDatabase.transaction(async () => {
        const result = await super.signUp(input);
        if (result.status === 'OK') await this.newUsers.welcome(result.user.id, input.email);
        return result;
      });
    }
  }
  return WithProfile;
};
