import type { JsonObject } from '../../core/json.types.js';

/**
 * What the application notes about users. It says so by declaration merging, and what it reads and writes is typed:
 *
 * ```ts
 * declare module 'latchkey' {
 *   interface UserMetadata {
 *     theme: 'light' | 'dark';
 *   }
 * }
 * ```
 */
// oxlint-disable-next-line no-empty-interface, no-empty-object-type
export interface UserMetadata {}

type IsDeclared = [keyof UserMetadata] extends [never] ? false : true;

/** As it is read: nobody knows which members have been set. Any JSON object where `UserMetadata` declares none. */
export type StoredUserMetadata = IsDeclared extends true ? Partial<UserMetadata> : JsonObject;

/** Members to set; null removes one. */
export type UserMetadataUpdate = IsDeclared extends true
  ? { [Name in keyof UserMetadata]?: UserMetadata[Name] | null }
  : JsonObject;
