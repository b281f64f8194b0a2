import { Inject, Injectable } from '@nestjs/common';
import { type ClaimSource, PrimitiveClaim } from 'latchkey';
import { BadgesFunctions } from './badges.functions.js';

/** A constant, so that guards can name it: `BadgeColourClaim.validators.hasValue('red')`. */
export const BadgeColourClaim = new PrimitiveClaim<string>({ key: 'badge', fetchValue: () => undefined });

/** How an application fetches it: by the functions, so that overrides of them are seen. */
@Injectable()
export class BadgeColourSource implements ClaimSource<string> {
  @Inject(BadgesFunctions) private readonly functions!: BadgesFunctions;

  async fetchValue(_userId: string, recipeUserId: string): Promise<string | undefined> {
    return (await this.functions.getBadge({ recipeUserId }))?.colour;
  }
}
