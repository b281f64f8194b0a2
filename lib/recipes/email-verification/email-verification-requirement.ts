import type { SessionRequirement } from '../../claims/session-requirement.js';
import { EmailVerificationClaim } from './email-verification-claim.js';

declare module '../../claims/session-requirement.js' {
  interface SessionRequirementOptions {
    /** That the email of the session's user is verified, also where `mode` is `OPTIONAL`. @default as `mode` says */
    requireEmailVerification?: true;
  }
}

/** The option `requireEmailVerification` of `@Session()`. */
export const emailVerificationRequirement: SessionRequirement<unknown> = {
  option: 'requireEmailVerification',
  mistake: (value) =>
    value === true ? undefined : 'can only be true: leave it out where no verified email is needed.',
  validators: () => [EmailVerificationClaim.validators.isVerified()],
};
