import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { UserContext } from '../../http/user-context.js';
import { SessionClaims } from '../session/index.js';
import { EmailVerificationClaim } from './email-verification-claim.js';
import { EmailVerificationFunctions } from './email-verification.functions.js';
import { type EmailVerificationConfig, EMAIL_VERIFICATION_CONFIG } from './email-verification.options.js';

/** Puts the claim into every new session and, in `REQUIRED` mode, its validator before every guarded route. */
@Injectable()
export class EmailVerificationSessions implements OnModuleInit {
  @Inject(EMAIL_VERIFICATION_CONFIG) private readonly config!: EmailVerificationConfig;
  @Inject(EmailVerificationFunctions) private readonly functions!: EmailVerificationFunctions;
  @Inject(SessionClaims) private readonly claims!: SessionClaims;

  onModuleInit(): void {
    const validator = this.config.mode === 'REQUIRED' ? EmailVerificationClaim.validators.isVerified() : undefined;
    this.claims.add(EmailVerificationClaim, validator, (_userId, recipeUserId, _tenantId, _payload, userContext) =>
      this.fetchValue(recipeUserId, userContext),
    );
  }

  /** Somebody without an email has nothing to verify; of somebody unknown there is nothing to say. */
  private async fetchValue(recipeUserId: string, userContext: UserContext): Promise<boolean | undefined> {
    const found = await this.functions.getEmailForRecipeUserId({ recipeUserId, userContext });
    if (found.status !== 'OK') return found.status === 'EMAIL_DOES_NOT_EXIST_ERROR' ? true : undefined;
    return this.functions.isEmailVerified({ recipeUserId, email: found.email, userContext });
  }
}
