import type { JsonObject } from '../core/json.types.js';

/**
 * What the application puts into access tokens. It says so by declaration merging, and what it writes and reads is typed:
 *
 * ```ts
 * declare module 'latchkey' {
 *   interface AccessTokenPayload {
 *     plan: 'free' | 'pro';
 *   }
 * }
 * ```
 *
 * A member that not every session has is optional: `plan?: 'free' | 'pro'`.
 */
// oxlint-disable-next-line no-empty-interface, no-empty-object-type
export interface AccessTokenPayload {}

type IsDeclared = [keyof AccessTokenPayload] extends [never] ? false : true;

/** What the core writes into every access token. */
export interface StandardClaims {
  /** The id of the user. */
  sub: string;
  /** The id of the login method. */
  rsub: string;
  /** The tenant. */
  tId: string;
  sessionHandle: string;
  /** Seconds since the Unix epoch. */
  iat: number;
  /** Seconds since the Unix epoch. */
  exp: number;
}

/** An access token's payload, as it is read: any JSON object where `AccessTokenPayload` declares nothing. */
export type ReadAccessTokenPayload = IsDeclared extends true
  ? Readonly<AccessTokenPayload & StandardClaims>
  : Readonly<JsonObject>;

/** Custom claims of a new session. Claims that are fetched may bring the others. */
export type NewAccessTokenPayload = IsDeclared extends true ? Partial<AccessTokenPayload> : JsonObject;

/** Custom claims to set; null removes one. */
export type AccessTokenPayloadUpdate = IsDeclared extends true
  ? { [Name in keyof AccessTokenPayload]?: AccessTokenPayload[Name] | null }
  : JsonObject;

/** A payload as claims and their validators are given it: with the claims of recipes, and perhaps not yet whole. */
export type ClaimPayload = IsDeclared extends true
  ? Readonly<Partial<AccessTokenPayload>> & Readonly<JsonObject>
  : Readonly<JsonObject>;
