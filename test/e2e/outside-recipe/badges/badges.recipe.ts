import { defineRecipe } from 'latchkey';
import { BadgeColourClaim, BadgeColourSource } from './badge-colour.claim.js';
import { badgeIssuedEmail } from './badge-issued.email.js';
import { BadgesApi } from './badges.api.js';
import { BadgesFunctions } from './badges.functions.js';
import { BADGES_CONFIG, normaliseBadgesOptions } from './badges.options.js';
import { badgesPart } from './badges.part.js';
import { badgesRoutes } from './badges.routes.js';

/** Sign-in by a badge at the door. */
export const BadgesRecipe = defineRecipe({
  id: 'badge',
  name: 'BadgesRecipe',
  api: BadgesApi,
  functions: BadgesFunctions,
  routes: badgesRoutes,
  config: BADGES_CONFIG,
  normalise: normaliseBadgesOptions,
  needs: ['session'],
  coreParts: [badgesPart],
  firstFactors: ['badge'],
  messages: [{ definition: badgeIssuedEmail, sentBy: ['issueBadgePOST'] }],
  claims: [{ claim: BadgeColourClaim, facts: ['badgeColour'], source: BadgeColourSource }],
  providers: [BadgeColourSource],
  attempts: { badgeSignIn: { account: [{ attempts: 5, seconds: 300 }], forgivesSuccess: true } },
});
