import type { Type } from '@nestjs/common';
import type { Fact } from '../core/facts.js';
import type { SessionClaim, SessionClaimValidator } from './session-claim.js';

/** How one application fetches a claim, where the claim is a constant that decorators name and has no services itself. */
export interface ClaimSource<T> {
  /** Where the value comes from; `undefined` leaves the claim out. */
  fetchValue: SessionClaim<T>['fetchValue'];
  /** A requirement on every guarded route. Asked for once, while the application starts. */
  globalValidator?(): SessionClaimValidator | undefined;
  /** False leaves it out of new sessions, until a guard asks for it. Asked for once. @default true */
  isAddedToSessions?(): boolean;
  /** How large it may be in an access token: see `SessionClaim.maxBytes`. Asked for once. */
  maxBytes?(): number;
}

/** A claim that a recipe puts into every session. */
export interface RecipeClaim {
  claim: SessionClaim<unknown>;
  /** The facts it speaks of: when one of them changes, the claim is fetched for every session of that user. */
  facts: readonly Fact[];
  /** One of the recipe's providers. Without it, the claim fetches itself. */
  source?: Type<ClaimSource<unknown>>;
}

/** The token of the claims of all recipes in `recipeList`. */
export const RECIPE_CLAIMS = Symbol('latchkey.recipe-claims');
