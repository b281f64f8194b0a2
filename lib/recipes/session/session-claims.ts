import { Injectable } from '@nestjs/common';
import type { SessionClaim, SessionClaimValidator } from './claims/session-claim.js';

/** What other recipes add to every session: claims at its creation, validators at its verification. */
@Injectable()
export class SessionClaims {
  private readonly claims: SessionClaim<never>[] = [];
  private readonly validators: SessionClaimValidator[] = [];

  /** To be called while the application starts, in `onModuleInit`. */
  add(claim: SessionClaim<never>, validator?: SessionClaimValidator): void {
    this.claims.push(claim);
    if (validator !== undefined) this.validators.push(validator);
  }

  getClaims(): readonly SessionClaim<never>[] {
    return this.claims;
  }

  /** A copy: overrides of `getGlobalClaimValidators` may add to it. */
  getValidators(): SessionClaimValidator[] {
    return [...this.validators];
  }
}
