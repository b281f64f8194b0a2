import { Inject, Injectable } from '@nestjs/common';
import { EmailPasswordCore } from '../../core/email-password.core.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { BaseResponse } from '../../http/base-response.js';
import type { UserContext } from '../../http/user-context.js';
import { DeviceCookie } from '../session/index.js';

const RECIPE_ID = 'emailpassword';

interface SignedIn {
  tenantId: string;
  email: string;
  recipeUserId: string;
  credentialsVersion: string | undefined;
  userContext: UserContext;
}

/** Devices on which people have signed in by a password. They are known until the password changes. */
@Injectable()
export class EmailPasswordDevices {
  @Inject(EmailPasswordCore) private readonly core!: EmailPasswordCore;

  constructor(@Inject(DeviceCookie) private readonly cookie: DeviceCookie) {
    cookie.judgeProofs(RECIPE_ID, (value) => this.isPasswordSame(value));
  }

  async remember(request: BaseRequest, response: BaseResponse, signedIn: SignedIn): Promise<void> {
    const { tenantId, email: account, recipeUserId, credentialsVersion, userContext } = signedIn;
    const hasProof = this.core.versionsLast && credentialsVersion !== undefined;
    const proof = hasProof ? { recipeId: RECIPE_ID, value: `${credentialsVersion}.${recipeUserId}` } : undefined;
    await this.cookie.remember(request, response, { tenantId, account, proof, userContext });
  }

  private async isPasswordSame(value: string): Promise<boolean> {
    const dot = value.indexOf('.');
    const [credentialsVersion, recipeUserId] = [value.slice(0, dot), value.slice(dot + 1)];
    return this.core.areCredentialsCurrent({ recipeUserId, credentialsVersion });
  }
}
