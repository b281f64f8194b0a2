import { Injectable } from '@nestjs/common';
import type { SessionClaim, SessionClaimValidator } from './claims/session-claim.js';

type AnyClaim = SessionClaim<never>;

/** What other recipes add to every session: claims at its creation, validators at its verification. */
@Injectable()
export class SessionClaims {
  private readonly claims: AnyClaim[] = [];
  private readonly validators: SessionClaimValidator[] = [];
  private readonly fetchedHere = new Map<unknown, unknown>();

  /**
   * To be called while the application starts, in `onModuleInit`.
   * @param validator a requirement on every session
   * @param fetchValue how this application fetches the value: a claim that is a constant, so that decorators can name
   * it, has no services of its own
   */
  add<T>(claim: SessionClaim<T>, validator?: SessionClaimValidator, fetchValue?: SessionClaim<T>['fetchValue']): void {
    this.claims.push(claim as AnyClaim);
    if (validator !== undefined) this.validators.push(validator);
    if (fetchValue !== undefined) {
      this.fetchedHere.set(claim, Object.create(claim, { fetchValue: { value: fetchValue } }));
    }
  }

  getClaims(): readonly AnyClaim[] {
    return this.claims;
  }

  /** A copy: overrides of `getGlobalClaimValidators` may add to it. */
  getValidators(): SessionClaimValidator[] {
    return [...this.validators];
  }

  /** The claim as this application fetches it. */
  resolve<T>(claim: SessionClaim<T>): SessionClaim<T> {
    return (this.fetchedHere.get(claim) as SessionClaim<T> | undefined) ?? claim;
  }
}
