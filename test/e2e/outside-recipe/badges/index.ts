export { BadgeColourClaim } from './badge-colour.claim.js';
export { BadgesApi, type IssueBadgePOSTInput } from './badges.api.js';
export { BadgesCore } from './badges.core.js';
export { BadgesFunctions, type BadgeInput } from './badges.functions.js';
export { badgesPart } from './badges.part.js';
export { BadgesRecipe } from './badges.recipe.js';
