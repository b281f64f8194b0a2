import { Inject, Injectable } from '@nestjs/common';
import { BadInputError } from '../../core/auth.error.js';
import type { JsonObject } from '../../core/json.types.js';
import type { SessionInformation } from '../../core/sessions.core.js';
import type { LoginMethod } from '../../core/users.core.js';
import { SessionFunctions } from '../session/index.js';
import type { DashboardApiInput } from './dashboard-access.api.js';
import { DashboardUsersApi, type DashboardTenantInput, type DashboardUserInput } from './dashboard-users.api.js';
import { OtherRecipes } from './other-recipes.js';

/** That the recipe which does it is not in `recipeList`. */
export interface FeatureNotEnabled {
  status: 'FEATURE_NOT_ENABLED_ERROR';
}

const NOT_ENABLED: FeatureNotEnabled = { status: 'FEATURE_NOT_ENABLED_ERROR' };

/** The input of methods that are about a login method. */
export interface DashboardLoginMethodInput extends DashboardTenantInput {
  recipeUserId: string;
}

/** The input of `DashboardApi.userEmailVerifyPUT`. */
export interface UserEmailVerifyPUTInput extends DashboardLoginMethodInput {
  verified: boolean;
}

/** The input of `DashboardApi.userMetadataPUT`. */
export interface UserMetadataPUTInput extends DashboardUserInput {
  /** What there is afterwards, as a whole. */
  data: JsonObject;
}

/** The input of `DashboardApi.userSessionsPOST`. */
export interface UserSessionsPOSTInput extends DashboardApiInput {
  /** Of the sessions to end. */
  sessionHandles: string[];
}

/** The input of `DashboardApi.userPasswordPUT`. */
export interface UserPasswordPUTInput extends DashboardLoginMethodInput {
  newPassword: string;
}

/** The outcome of a new password. */
export type UserPasswordPUTResponse =
  { status: 'OK' } | { status: 'INVALID_PASSWORD_ERROR'; error: string } | FeatureNotEnabled;

const SESSIONS_SHOWN = 500;
const AT_ONCE = 10;

/** What the page of one user shows. */
@Injectable()
export class DashboardUserDetailsApi extends DashboardUsersApi {
  @Inject(OtherRecipes) protected readonly otherRecipes!: OtherRecipes;
  @Inject(SessionFunctions) protected readonly sessionFunctions!: SessionFunctions;

  /** `GET /api/user/email/verify`: whether the email of a login method is verified. */
  async userEmailVerifyGET(
    input: DashboardLoginMethodInput,
  ): Promise<{ status: 'OK'; isVerified: boolean } | FeatureNotEnabled> {
    const { recipeUserId, userContext } = input;
    const functions = this.otherRecipes.emailVerification;
    if (functions === undefined) return NOT_ENABLED;
    const email = await this.emailOf(input);
    // Without an email there is nothing to verify.
    const isVerified = email === undefined || (await functions.isEmailVerified({ recipeUserId, email, userContext }));
    return { status: 'OK', isVerified };
  }

  /** `PUT /api/user/email/verify`: takes the email of a login method for verified, or no longer. */
  async userEmailVerifyPUT(input: UserEmailVerifyPUTInput): Promise<{ status: 'OK' } | FeatureNotEnabled> {
    const { recipeUserId, tenantId, verified, userContext } = input;
    const functions = this.otherRecipes.emailVerification;
    if (functions === undefined) return NOT_ENABLED;
    const email = await this.emailOf(input);
    if (email === undefined) return { status: 'OK' };
    if (!verified) return functions.unverifyEmail({ recipeUserId, email, userContext });
    const created = await functions.createEmailVerificationToken({ recipeUserId, tenantId, email, userContext });
    if (created.status === 'OK') {
      await functions.verifyEmailUsingToken({ tenantId, token: created.token, userContext });
    }
    return { status: 'OK' };
  }

  /** `POST /api/user/email/verify/token`: sends a link that verifies the email. */
  async userEmailVerifyTokenPOST(
    input: DashboardLoginMethodInput,
  ): Promise<{ status: 'OK' | 'EMAIL_ALREADY_VERIFIED_ERROR' } | FeatureNotEnabled> {
    const { recipeUserId, tenantId, userContext } = input;
    const functions = this.otherRecipes.emailVerification;
    if (functions === undefined) return NOT_ENABLED;
    const { status } = await functions.sendEmailVerificationEmail({ recipeUserId, tenantId, userContext });
    if (status === 'UNKNOWN_USER_ID_ERROR') throw unknownRecipeUserId();
    return { status };
  }

  /** `GET /api/user/metadata`: what is noted about a user. */
  async userMetadataGET({
    userId,
    userContext,
  }: DashboardUserInput): Promise<{ status: 'OK'; data: JsonObject } | FeatureNotEnabled> {
    const functions = this.otherRecipes.userMetadata;
    if (functions === undefined) return NOT_ENABLED;
    const { metadata } = await functions.getUserMetadata({ userId, userContext });
    return { status: 'OK', data: metadata as JsonObject };
  }

  /** `PUT /api/user/metadata`: replaces what is noted about a user, as a whole or not at all. */
  async userMetadataPUT(input: UserMetadataPUTInput): Promise<{ status: 'OK' } | FeatureNotEnabled> {
    const { userId, data, userContext } = input;
    const functions = this.otherRecipes.userMetadata;
    if (functions === undefined) return NOT_ENABLED;
    const { metadata } = await functions.getUserMetadata({ userId, userContext });
    // One update that removes the others: after clearing, a refused update would leave nothing.
    const removed = Object.fromEntries(Object.keys(metadata).map((name) => [name, null]));
    const metadataUpdate = { ...removed, ...data } as Parameters<
      typeof functions.updateUserMetadata
    >[0]['metadataUpdate'];
    await functions.updateUserMetadata({ userId, metadataUpdate, userContext });
    return { status: 'OK' };
  }

  /** `GET /api/user/sessions`: the sessions of a user in all tenants, the newest first, at most 500. */
  async userSessionsGET(input: DashboardUserInput): Promise<{ status: 'OK'; sessions: SessionInformation[] }> {
    const { userId, userContext } = input;
    const handles = await this.sessionFunctions.getAllSessionHandlesForUser({ userId, userContext });
    const sessions: SessionInformation[] = [];
    for (let at = 0; at < Math.min(handles.length, SESSIONS_SHOWN); at += AT_ONCE) {
      const some = handles
        .slice(at, Math.min(at + AT_ONCE, SESSIONS_SHOWN))
        .map((sessionHandle) => this.sessionFunctions.getSessionInformation({ sessionHandle, userContext }));
      // Some may have ended meanwhile.
      sessions.push(...(await Promise.all(some)).filter((session) => session !== undefined));
    }
    return { status: 'OK', sessions: sessions.sort((one, other) => other.timeCreated - one.timeCreated) };
  }

  /** `POST /api/user/sessions`: ends sessions. Those that have ended are passed over. */
  async userSessionsPOST({ sessionHandles, userContext }: UserSessionsPOSTInput): Promise<{ status: 'OK' }> {
    await this.sessionFunctions.revokeMultipleSessions({ sessionHandles, userContext });
    return { status: 'OK' };
  }

  /** `PUT /api/user/password`: sets a password by the rules of sign-up, and ends the sessions of the user. */
  async userPasswordPUT(input: UserPasswordPUTInput): Promise<UserPasswordPUTResponse> {
    const { recipeUserId, newPassword: password, tenantId, userContext } = input;
    const functions = this.otherRecipes.emailPassword;
    if (functions === undefined) return NOT_ENABLED;
    const change = { recipeUserId, password, tenantId, revokeSessions: true, userContext };
    const result = await functions.updateEmailOrPassword(change);
    if (result.status === 'PASSWORD_POLICY_VIOLATED_ERROR') {
      return { status: 'INVALID_PASSWORD_ERROR', error: result.failureReason };
    }
    if (result.status !== 'OK') throw unknownRecipeUserId();
    return { status: 'OK' };
  }

  /** @throws {BadInputError} there is no such login method */
  protected async loginMethodOf(recipeUserId: string): Promise<LoginMethod> {
    const user = await this.users.getUser(recipeUserId);
    const method = user?.loginMethods.find((each) => each.recipeUserId === recipeUserId);
    if (method === undefined) throw unknownRecipeUserId();
    return method;
  }

  /** @returns undefined where the login method has none */
  private async emailOf({ recipeUserId, userContext }: DashboardLoginMethodInput): Promise<string | undefined> {
    const found = await this.otherRecipes.emailVerification!.getEmailForRecipeUserId({ recipeUserId, userContext });
    if (found.status === 'UNKNOWN_USER_ID_ERROR') throw unknownRecipeUserId();
    return found.status === 'OK' ? found.email : undefined;
  }
}

function unknownRecipeUserId(): BadInputError {
  return new BadInputError("Unknown 'recipeUserId'");
}
