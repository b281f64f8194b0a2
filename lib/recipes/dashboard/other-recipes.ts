import { Inject, Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EmailPasswordFunctions } from '../email-password/index.js';
import { EmailVerificationFunctions } from '../email-verification/index.js';
import { UserMetadataFunctions } from '../user-metadata/index.js';
import { UserRolesFunctions } from '../user-roles/index.js';

/** The functions of recipes that the application may have, overrides included; undefined where it does not. */
@Injectable()
export class OtherRecipes {
  @Inject(ModuleRef) private readonly moduleRef!: ModuleRef;

  get emailPassword(): EmailPasswordFunctions | undefined {
    return this.find(EmailPasswordFunctions);
  }

  get emailVerification(): EmailVerificationFunctions | undefined {
    return this.find(EmailVerificationFunctions);
  }

  get userMetadata(): UserMetadataFunctions | undefined {
    return this.find(UserMetadataFunctions);
  }

  get userRoles(): UserRolesFunctions | undefined {
    return this.find(UserRolesFunctions);
  }

  private find<T>(token: Type<T>): T | undefined {
    try {
      return this.moduleRef.get<T>(token, { strict: false });
    } catch {
      // Nest throws where nothing provides it.
      return undefined;
    }
  }
}
