import { Inject, Injectable } from '@nestjs/common';
import type { UserContext } from '../../http/user-context.js';
import type { ClaimSource } from '../../claims/recipe-claim.js';
import { EmailVerificationClaim } from './email-verification-claim.js';
import { EmailVerificationFunctions } from './email-verification.functions.js';
import { EMAIL_VERIFICATION_CONFIG, type EmailVerificationConfig } from './email-verification.options.js';

/** How this application fetches the claim: by the functions of the recipe, so that overrides of them are seen. */
@Injectable()
export class EmailVerificationSource implements ClaimSource<boolean> {
  @Inject(EMAIL_VERIFICATION_CONFIG) private readonly config!: EmailVerificationConfig;
  @Inject(EmailVerificationFunctions) private readonly functions!: EmailVerificationFunctions;

  globalValidator() {
    return this.config.mode === 'REQUIRED' ? EmailVerificationClaim.validators.isVerified() : undefined;
  }

  /** Somebody without an email has nothing to verify; of somebody unknown there is nothing to say. */
  async fetchValue(
    _userId: string,
    recipeUserId: string,
    _tenantId: string,
    _currentPayload: unknown,
    userContext: UserContext,
  ): Promise<boolean | undefined> {
    const found = await this.functions.getEmailForRecipeUserId({ recipeUserId, userContext });
    if (found.status !== 'OK') return found.status === 'EMAIL_DOES_NOT_EXIST_ERROR' ? true : undefined;
    return this.functions.isEmailVerified({ recipeUserId, email: found.email, userContext });
  }
}
