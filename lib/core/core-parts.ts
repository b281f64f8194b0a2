import type { CorePart } from './core-part.js';
import { emailPasswordPart } from './email-password.part.js';
import { emailVerificationPart } from './email-verification.part.js';
import { type EngineOptionTable, sessionOptions } from './engine-options.js';
import { thirdPartyPart } from './third-party.part.js';

/** What our own recipes add to a core; every core has them, whichever recipes an application lists. */
export const coreParts: readonly CorePart[] = [emailPasswordPart, emailVerificationPart, thirdPartyPart];

/** Every option of a core that is a number. @param others parts of recipes from elsewhere */
export function engineOptionTable(others: readonly CorePart[] = []): EngineOptionTable {
  return Object.assign({}, sessionOptions, ...[...coreParts, ...others].map(({ options }) => options));
}
