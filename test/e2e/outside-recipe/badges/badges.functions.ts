import { Inject, Injectable } from '@nestjs/common';
import type { UserContext } from 'latchkey';
import { type Badge, BadgesCore, type EnterResult, type IssueResult } from './badges.core.js';

interface WithContext {
  userContext?: UserContext;
}

export interface BadgeInput extends WithContext {
  tenantId: string;
  code: string;
  pin: string;
}

/** What the recipe can do, without a request. An application overrides any of it by a subclass. */
@Injectable()
export class BadgesFunctions {
  @Inject(BadgesCore) protected readonly badgesCore!: BadgesCore;

  async issue({ tenantId, code, pin, colour }: BadgeInput & { colour: string }): Promise<IssueResult> {
    return this.badgesCore.issue({ tenantId, code, pin, colour });
  }

  async enter({ tenantId, code, pin }: BadgeInput): Promise<EnterResult> {
    return this.badgesCore.enter({ tenantId, code, pin });
  }

  async getBadge({ recipeUserId }: WithContext & { recipeUserId: string }): Promise<Badge | undefined> {
    return this.badgesCore.getBadge(recipeUserId);
  }

  async paint(input: WithContext & { recipeUserId: string; colour: string }) {
    const { recipeUserId, colour } = input;
    return this.badgesCore.paint({ recipeUserId, colour });
  }
}
