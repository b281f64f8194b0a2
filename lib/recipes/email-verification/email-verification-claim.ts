import type { ClaimPayload } from '../../claims/access-token-payload.js';
import { ConfigurationError } from '../../core/auth.error.js';
import { BooleanClaim, type SessionClaimValidator } from '../session/index.js';

type EmailVerificationValidators = BooleanClaim['validators'] & {
  /**
   * @param refetchTimeOnFalseInSeconds after this age the news that the email is unverified are asked for again
   * @param maxAgeInSeconds after this age the news that it is verified are too; without one they count at any age
   */
  isVerified(refetchTimeOnFalseInSeconds?: number, maxAgeInSeconds?: number): SessionClaimValidator;
};

class EmailVerificationClaimClass extends BooleanClaim {
  declare readonly validators: EmailVerificationValidators;

  constructor() {
    super({ key: 'st-ev', fetchValue: refuse });
    Object.assign(this.validators, {
      isVerified: (refetchTimeOnFalseInSeconds = 10, maxAgeInSeconds?: number): SessionClaimValidator => {
        const validator = this.validators.hasValue(true, maxAgeInSeconds);
        const isStale = (payload: ClaimPayload) =>
          this.getValueFromPayload(payload) === false &&
          (this.getLastRefetchTime(payload) ?? 0) < Date.now() - refetchTimeOnFalseInSeconds * 1000;
        return {
          ...validator,
          // Both are asked: the first one has to know when it was.
          shouldRefetch: async (payload, userContext) =>
            (await validator.shouldRefetch?.(payload, userContext)) === true || isStale(payload),
        };
      },
    });
  }
}

/** It has no services of its own: the recipe tells the sessions of each application how to fetch it. */
function refuse(): never {
  throw new ConfigurationError(
    'EmailVerificationClaim: the value is fetched by EmailVerificationRecipe. Add EmailVerificationRecipe.init({ mode }) to ' +
      'recipeList, and ask for the claim by a session, such as session.fetchAndSetClaim(EmailVerificationClaim).',
  );
}

/** Whether the email of the session's login method is verified: `st-ev: { v, t }` in the access token. */
export const EmailVerificationClaim = new EmailVerificationClaimClass();
