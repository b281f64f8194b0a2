import type { CorePart } from 'latchkey/recipe-kit';
import { BadgesCore } from './badges.core.js';
import { badgeMigrations } from './badges.migrations.js';
import { EmbeddedBadgesCore } from './embedded-badges.core.js';
import { RemoteBadgesCore } from './remote-badges.core.js';

declare module 'latchkey' {
  interface EngineOptions {
    /** How long a badge opens the door, in days. @default 365 */
    badgeLifetimeDays?: number;
  }
  interface FactNames {
    badgeColour: true;
  }
}

/** What the recipe adds to the core, in this process and elsewhere. */
export const badgesPart: CorePart<BadgesCore> = {
  id: 'badge',
  port: BadgesCore,
  embedded: (engine) => new EmbeddedBadgesCore(engine),
  remote: (engine) => new RemoteBadgesCore(engine),
  migrations: badgeMigrations,
  loginMethod: { takenStatus: 'BADGE_ALREADY_EXISTS_ERROR' },
  options: {
    badgeLifetimeDays: {
      default: 365,
      min: 1,
      max: 3650,
      unit: 'days',
      environment: 'BADGE_LIFETIME_DAYS',
      doc: 'How long a badge opens the door',
    },
  },
};
