import { Inject, Injectable, type InjectionToken, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  EMAIL_PASSWORD_CONFIG,
  EmailPasswordFunctions,
  type EmailPasswordConfig,
  type FormField,
} from '../email-password/index.js';
import { EmailVerificationFunctions } from '../email-verification/index.js';
import { MultitenancyFunctions } from '../multitenancy/index.js';
import { UserMetadataFunctions } from '../user-metadata/index.js';
import { UserRolesFunctions } from '../user-roles/index.js';

/** The functions of recipes that the application may have, overrides included; undefined where it does not. */
@Injectable()
export class OtherRecipes implements OnModuleInit {
  @Inject(ModuleRef) private readonly moduleRef!: ModuleRef;
  /** There are tenants in every application; those of MultitenancyRecipe where it is in `recipeList`. */
  multitenancy!: MultitenancyFunctions;

  async onModuleInit(): Promise<void> {
    this.multitenancy = this.find(MultitenancyFunctions) ?? (await this.moduleRef.create(MultitenancyFunctions));
  }

  get emailPassword(): EmailPasswordFunctions | undefined {
    return this.find(EmailPasswordFunctions);
  }

  /** Those of sign-up, with the validators of the application. */
  get emailPasswordFields(): Record<'email' | 'password', FormField> | undefined {
    const fields = this.find<EmailPasswordConfig>(EMAIL_PASSWORD_CONFIG)?.signUpFormFields;
    const [email, password] = ['email', 'password'].map((id) => fields?.find((field) => field.id === id));
    return email === undefined || password === undefined ? undefined : { email, password };
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

  private find<T>(token: InjectionToken<T>): T | undefined {
    try {
      return this.moduleRef.get<T>(token as Type<T>, { strict: false });
    } catch {
      // Nest throws where nothing provides it.
      return undefined;
    }
  }
}
