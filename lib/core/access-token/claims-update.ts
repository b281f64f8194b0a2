import { isDeepStrictEqual } from 'node:util';
import { BadInputError } from '../auth.error.js';
import { customClaimsToText } from './access-token.js';
import { mergeAtRoot } from '../json.js';
import type { JsonObject } from '../json.types.js';
import type { RegenerateAccessTokenCoreInput } from '../sessions.core.js';

/** Makes the custom claims to store out of those that are stored; undefined leaves these as they are. */
export type ClaimsChange = (stored: JsonObject) => JsonObject | undefined;

/**
 * @returns undefined where nothing is to be changed
 * @throws {BadInputError} a protected claim; a payload and an update at once
 */
export function claimsChangeOf(input: Omit<RegenerateAccessTokenCoreInput, 'accessToken'>): ClaimsChange | undefined {
  const { accessTokenPayload: payload, accessTokenPayloadUpdate: update, ifUnchangedSince: basis } = input;
  if (payload !== undefined && update !== undefined) {
    throw new BadInputError('Give a whole access token payload or an update of it, not both');
  }
  if (update !== undefined) return mergeOf(update, basis);
  if (payload === undefined) return undefined;
  customClaimsToText(payload);
  return () => payload;
}

/**
 * @param update keys to set; null removes a key
 * @param basis where one of these keys is stored otherwise, nothing is changed
 * @throws {BadInputError} a protected claim
 */
export function mergeOf(update: JsonObject, basis?: Readonly<JsonObject>): ClaimsChange {
  customClaimsToText(mergeAtRoot({}, update));
  const names = Object.keys(update);
  return (stored) => {
    const isUnchanged = basis === undefined || names.every((name) => isDeepStrictEqual(stored[name], basis[name]));
    return isUnchanged ? mergeAtRoot(stored, update) : undefined;
  };
}
