import type { User } from 'latchkey';

/** As the core knows a badge. */
export interface Badge {
  colour: string;
  /** Milliseconds since the Unix epoch. */
  expiresAtMs: number;
}

export type IssueResult =
  { status: 'OK'; user: User; recipeUserId: string; badge: Badge } | { status: 'BADGE_ALREADY_EXISTS_ERROR' };

export type EnterResult = { status: 'OK'; user: User; recipeUserId: string } | { status: 'WRONG_BADGE_ERROR' };

/** People who sign in by a badge: its code, and a PIN that belongs to it. */
export abstract class BadgesCore {
  abstract issue(input: { tenantId: string; code: string; pin: string; colour: string }): Promise<IssueResult>;
  abstract enter(input: { tenantId: string; code: string; pin: string }): Promise<EnterResult>;
  abstract getBadge(recipeUserId: string): Promise<Badge | undefined>;
  abstract paint(input: { recipeUserId: string; colour: string }): Promise<{ status: 'OK' | 'UNKNOWN_BADGE_ERROR' }>;
}
