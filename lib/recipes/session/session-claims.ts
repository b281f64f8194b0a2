import { Injectable, Logger } from '@nestjs/common';
import type { Fact } from '../../core/facts.js';
import type { JsonObject } from '../../core/json.types.js';
import type { SessionGroup } from '../../core/sessions.core.js';
import type { UserContext } from '../../http/user-context.js';
import type { SessionClaim, SessionClaimValidator } from '../../claims/session-claim.js';

type AnyClaim = SessionClaim<never>;

/**
 * What is added to every session: claims at its creation, validators at its verification. A recipe declares its claims
 * in its definition; an application adds its own here.
 */
@Injectable()
export class SessionClaims {
  private readonly claims: AnyClaim[] = [];
  private readonly onDemand: AnyClaim[] = [];
  private readonly validators: SessionClaimValidator[] = [];
  private readonly fetchedHere = new Map<unknown, unknown>();
  private readonly warnedOf = new Set<string>();
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

  /**
   * As `add`, for a claim that new sessions do not get: a guard that asks for it fetches it. Once a fact of it changes, it is taken
   * out of every session of that user, so that the next guard fetches it again.
   */
  addOnDemand<T>(claim: SessionClaim<T>, fetchValue: SessionClaim<T>['fetchValue'], facts: readonly Fact[]): void {
    this.onDemand.push(claim as AnyClaim);
    this.factsOf.set(claim as AnyClaim, facts);
    this.fetchedHere.set(claim, Object.create(claim, { fetchValue: { value: fetchValue } }));
  }

  /** Bounds the claim as this application has it: see `SessionClaim.maxBytes`. To be called after it was added. */
  bound<T>(claim: SessionClaim<T>, maxBytes: number): void {
    this.fetchedHere.set(claim, Object.create(this.resolve(claim), { maxBytes: { value: maxBytes } }));
  }

  /** Every claim that new sessions get. */
  getClaims(): readonly AnyClaim[] {
    return this.claims;
  }

  /** The claims that speak of a fact. */
  getClaimsAbout(fact: Fact): AnyClaim[] {
    return [...this.claims, ...this.onDemand].filter((claim) => this.factsOf.get(claim)?.includes(fact) === true);
  }

  /** Whether new sessions get it without being asked for it. */
  isOnDemand(claim: AnyClaim): boolean {
    return this.onDemand.includes(claim);
  }

  /** A copy: overrides of `getGlobalClaimValidators` may add to it. */
  getValidators(): SessionClaimValidator[] {
    return [...this.validators];
  }

  /** Once for each claim, so that a log is not flooded. */
  warnOfSize({ key, maxBytes }: SessionClaim<unknown>, userId: string): void {
    if (this.warnedOf.has(key)) return;
    this.warnedOf.add(key);
    new Logger('Latchkey').warn(
      `The claim ${key} of the user ${userId} has more than ${maxBytes} bytes, and browsers drop cookies that are too large. It is ` +
        'left out of the access token: guards that ask for it read it from the database, for each request. Not said again.',
    );
  }

  /**
   * Fetches claims.
   * @param stored the custom claims of the session as it is
   * @returns what is to be merged into a session of the group
   */
  async build(
    claims: readonly AnyClaim[],
    { userId, recipeUserId, tenantId }: SessionGroup,
    stored: JsonObject,
    userContext: UserContext,
  ): Promise<JsonObject> {
    let update: JsonObject = {};
    for (const claim of claims) {
      const source = this.resolve(claim);
      const payload = { ...stored, ...update };
      const built = await source.build(userId, recipeUserId, tenantId, payload, userContext);
      const kept = source.keep(built);
      if (kept !== built) this.warnOfSize(source, userId);
      update = { ...update, ...kept };
    }
    return update;
  }

  /** The claim as this application fetches it. */
  resolve<T>(claim: SessionClaim<T>): SessionClaim<T> {
    return (this.fetchedHere.get(claim) as SessionClaim<T> | undefined) ?? claim;
  }
}
