import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Facts } from '../../core/facts.js';
import { type ClaimSource, RECIPE_CLAIMS, type RecipeClaim } from '../../claims/recipe-claim.js';
import { SessionClaims } from './session-claims.js';
import { SessionFunctions } from './session.functions.js';

/** Puts the claims that recipes declare into every session, and keeps them true when a fact changes. */
@Injectable()
export class DeclaredClaims implements OnModuleInit {
  @Inject(RECIPE_CLAIMS) private readonly declared!: readonly RecipeClaim[];
  @Inject(SessionClaims) private readonly claims!: SessionClaims;
  @Inject(SessionFunctions) private readonly functions!: SessionFunctions;
  @Inject(Facts) private readonly facts!: Facts;
  @Inject(ModuleRef) private readonly moduleRef!: ModuleRef;

  onModuleInit(): void {
    for (const { claim, facts, source } of this.declared) {
      const found = source && this.moduleRef.get<ClaimSource<unknown>>(source, { strict: false });
      const fetchValue = found && ((...input: Parameters<typeof found.fetchValue>) => found.fetchValue(...input));
      const isOnDemand = found?.isAddedToSessions?.() === false;
      if (isOnDemand && fetchValue !== undefined) this.claims.addOnDemand(claim, fetchValue, facts);
      else this.claims.add(claim, found?.globalValidator?.(), fetchValue, facts);
      const maxBytes = found?.maxBytes?.();
      if (maxBytes !== undefined) this.claims.bound(claim, maxBytes);
    }
    this.facts.listen(async ({ fact, ...owner }) => {
      const claims = this.claims.getClaimsAbout(fact);
      if (claims.length > 0) await this.functions.refetchClaims({ ...owner, claims });
    });
  }
}
