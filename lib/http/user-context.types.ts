import type { BaseRequest } from './base-request.js';

/**
 * Travels through every layer of one call. The application may put anything into it; `_default` is ours. What it puts there is typed
 * once it is declared:
 *
 * ```ts
 * declare module 'latchkey' {
 *   interface UserContext {
 *     invitation?: string;
 *   }
 * }
 * ```
 */
export interface UserContext {
  _default?: { request?: BaseRequest };
  [key: string]: unknown;
}
