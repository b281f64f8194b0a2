import { Injectable } from '@nestjs/common';
import type { Fact } from '../../core/facts.js';
import type { SessionClaim, SessionClaimValidator } from '../../claims/session-claim.js';

type AnyClaim = SessionClaim<never>;

/**
 * What is added to every session: claims at its creation, validators at its verification. A recipe declares its claims
 * in its definition; an application adds its own here.
 */
@Injectable()
export class SessionClaims {
  private readonly claims: AnyClaim[] = [];
  private readonly validators: SessionClaimValidator[] = [];
  private readonly fetchedHere = new Map<unknown, unknown>();
  private readonly factsOf = new Map<AnyClaim, readonly Fact[]>();

  /**
   * To be called while the application starts, in `onModuleInit`.
   * @param validator a requirement on every session
   * @param fetchValue how this application fetches the value: a claim that is a constant, so that decorators can name
   * it, has no services of its own
   * @param facts what the claim speaks of: once `Facts` announces a change of it, every session of that user has the
   * new value
   */
  add<T>(
    claim: SessionClaim<T>,
    validator?: SessionClaimValidator,
    fetchValue?: SessionClaim<T>['fetchValue'],
    facts: readonly Fact[] = [],
  ): void {
    this.claims.push(claim as AnyClaim);
    this.factsOf.set(claim as AnyClaim, facts);
    if (validator !== undefined) this.validators.push(validator);
    if (fetchValue !== undefined) {
      this.fetchedHere.set(claim, Object.create(claim, { fetchValue: { value: fetchValue } }));
    }
  }

  /** Every claim that new sessions get. */
  getClaims(): readonly AnyClaim[] {
    return this.claims;
  }

  /** The claims that speak of a fact. */
  getClaimsAbout(fact: Fact): AnyClaim[] {
    return this.claims.filter((claim) => this.factsOf.get(claim)?.includes(fact) === true);
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
