import type { RemoteEngine } from 'latchkey/recipe-kit';
import { userSchema } from 'latchkey/recipe-kit';
import { z } from 'zod';
import { type Badge, BadgesCore, type EnterResult, type IssueResult } from './badges.core.js';

const badge = z.object({ colour: z.string(), expiresAtMs: z.number() });
const signedIn = { user: userSchema, recipeUserId: z.string() };
const issued = z.discriminatedUnion('status', [
  z.object({ status: z.literal('OK'), ...signedIn, badge }),
  z.object({ status: z.literal('BADGE_ALREADY_EXISTS_ERROR') }),
]);
const entered = z.discriminatedUnion('status', [
  z.object({ status: z.literal('OK'), ...signedIn }),
  z.object({ status: z.literal('WRONG_BADGE_ERROR') }),
]);
const found = z.object({ status: z.literal('OK'), badge: badge.optional() });
const painted = z.object({ status: z.enum(['OK', 'UNKNOWN_BADGE_ERROR']) });

/** The badges of a core elsewhere: the other end is `badges.controller.ts`. */
export class RemoteBadgesCore extends BadgesCore {
  constructor(private readonly engine: RemoteEngine) {
    super();
  }

  async issue(input: { tenantId: string; code: string; pin: string; colour: string }): Promise<IssueResult> {
    const { tenantId, ...body } = input;
    return this.engine.client.call({ method: 'POST', path: '/recipe/badge', tenantId, body, answer: issued });
  }

  async enter(input: { tenantId: string; code: string; pin: string }): Promise<EnterResult> {
    const { tenantId, ...body } = input;
    const path = '/recipe/badge/enter';
    return this.engine.client.call({ method: 'POST', path, tenantId, body, isRepeatable: true, answer: entered });
  }

  async getBadge(recipeUserId: string): Promise<Badge | undefined> {
    const call = { method: 'GET', path: '/recipe/badge', query: { recipeUserId }, answer: found } as const;
    return (await this.engine.client.call(call)).badge;
  }

  async paint(input: { recipeUserId: string; colour: string }): Promise<{ status: 'OK' | 'UNKNOWN_BADGE_ERROR' }> {
    const call = { method: 'PUT', path: '/recipe/badge/colour', body: input, answer: painted } as const;
    const result = await this.engine.client.call(call);
    // The sessions, whose claims follow, are changed from here.
    const { recipeUserId } = input;
    if (result.status === 'OK') await this.engine.facts.announce({ fact: 'badgeColour', recipeUserId });
    return result;
  }
}
