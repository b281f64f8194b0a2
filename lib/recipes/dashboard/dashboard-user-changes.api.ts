import { Injectable } from '@nestjs/common';
import type { User } from '../../core/users.core.js';
import {
  DashboardUserDetailsApi,
  type DashboardLoginMethodInput,
  type FeatureNotEnabled,
} from './dashboard-user-details.api.js';
import type { DashboardTenantInput } from './dashboard-users.api.js';

/** The input of `DashboardApi.userPUT`; what is empty stays as it is. */
export interface UserPUTInput extends DashboardLoginMethodInput {
  recipeId: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
}

/** The outcome of a change of names, email or phone number. */
export type UserPUTResponse =
  | { status: 'OK' }
  | { status: 'INVALID_EMAIL_ERROR'; error: string }
  | { status: 'EMAIL_ALREADY_EXISTS_ERROR' }
  | { status: 'EMAIL_CHANGE_NOT_ALLOWED_ERROR'; error: string }
  | { status: 'PHONE_NUMBER_CHANGE_NOT_ALLOWED_ERROR'; error: string };

/** The input of `DashboardApi.emailPasswordUserPOST`. */
export interface EmailPasswordUserPOSTInput extends DashboardTenantInput {
  email: string;
  password: string;
}

/** A new user who signs in with an email and a password. */
export type EmailPasswordUserPOSTResponse =
  | { status: 'OK'; user: User; recipeUserId: string }
  | { status: 'EMAIL_ALREADY_EXISTS_ERROR' }
  | { status: 'EMAIL_VALIDATION_ERROR' | 'PASSWORD_VALIDATION_ERROR'; message: string }
  | FeatureNotEnabled;

const NOT_ENABLED: FeatureNotEnabled = { status: 'FEATURE_NOT_ENABLED_ERROR' };

/** Making and changing users. */
@Injectable()
export class DashboardUserChangesApi extends DashboardUserDetailsApi {
  /** `PUT /api/user`: changes what is not empty. A new email is unverified. */
  async userPUT(input: UserPUTInput): Promise<UserPUTResponse> {
    const [email, phone] = [input.email.trim(), input.phone.trim()];
    const method = await this.loginMethodOf(input.recipeUserId);
    if (phone !== '' && phone !== method.phoneNumber) {
      const error = 'Users do not sign in with phone numbers here.';
      return { status: 'PHONE_NUMBER_CHANGE_NOT_ALLOWED_ERROR', error };
    }
    if (email !== '' && email !== method.email) {
      if (method.recipeId !== 'emailpassword' || input.recipeId !== 'emailpassword') {
        const error = 'The email of this login method is the one that its provider tells.';
        return { status: 'EMAIL_CHANGE_NOT_ALLOWED_ERROR', error };
      }
      const refusal = await this.changeEmail(input, email);
      if (refusal !== undefined) return refusal;
    }
    await this.changeNames(input);
    return { status: 'OK' };
  }

  /** `POST /api/user/emailpassword`: makes a user by the rules of sign-up. */
  async emailPasswordUserPOST(input: EmailPasswordUserPOSTInput): Promise<EmailPasswordUserPOSTResponse> {
    const { tenantId, password, userContext } = input;
    const email = input.email.trim().toLowerCase();
    const { emailPassword, emailPasswordFields: fields } = this.otherRecipes;
    if (emailPassword === undefined || fields === undefined) return NOT_ENABLED;
    const emailMistake = await fields.email.validate(email, tenantId, userContext);
    if (emailMistake !== undefined) return { status: 'EMAIL_VALIDATION_ERROR', message: emailMistake };
    const passwordMistake =
      (await fields.password.validate(password, tenantId, userContext)) ??
      (await emailPassword.checkNewPassword({ email, password, tenantId, userContext }));
    if (passwordMistake !== undefined) return { status: 'PASSWORD_VALIDATION_ERROR', message: passwordMistake };
    const result = await emailPassword.signUp({ email, password, tenantId, userContext });
    if (result.status !== 'OK') return { status: result.status };
    return { status: 'OK', user: result.user, recipeUserId: result.recipeUserId };
  }

  /** `POST /api/user/passwordless`: there is no such recipe here yet. */
  async passwordlessUserPOST(_input: DashboardTenantInput): Promise<FeatureNotEnabled> {
    return NOT_ENABLED;
  }

  /** `GET /api/user/unlink`: accounts are not linked here yet, and no GET will change that. */
  async userUnlinkGET(_input: DashboardLoginMethodInput): Promise<FeatureNotEnabled> {
    return NOT_ENABLED;
  }

  private async changeEmail(input: UserPUTInput, email: string): Promise<UserPUTResponse | undefined> {
    const { recipeUserId, tenantId, userContext } = input;
    const { emailPassword, emailPasswordFields: fields } = this.otherRecipes;
    if (emailPassword === undefined || fields === undefined) {
      return { status: 'EMAIL_CHANGE_NOT_ALLOWED_ERROR', error: 'EmailPasswordRecipe is not in recipeList.' };
    }
    const error = await fields.email.validate(email, tenantId, userContext);
    if (error !== undefined) return { status: 'INVALID_EMAIL_ERROR', error };
    const { status } = await emailPassword.updateEmailOrPassword({ recipeUserId, email, tenantId, userContext });
    return status === 'EMAIL_ALREADY_EXISTS_ERROR' ? { status } : undefined;
  }

  private async changeNames({ recipeUserId, firstName, lastName, userContext }: UserPUTInput): Promise<void> {
    const functions = this.otherRecipes.userMetadata;
    const names = { first_name: firstName.trim(), last_name: lastName.trim() };
    const metadataUpdate = Object.fromEntries(Object.entries(names).filter(([, name]) => name !== ''));
    if (functions === undefined || Object.keys(metadataUpdate).length === 0) return;
    const userId = (await this.users.getUser(recipeUserId))?.id ?? recipeUserId;
    await functions.updateUserMetadata({ userId, metadataUpdate, userContext });
  }
}
