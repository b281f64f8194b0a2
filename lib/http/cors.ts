/**
 * The request headers that the finished clients send, for `allowedHeaders` of the application's CORS
 * settings. `credentials: true` is needed beside them.
 */
export function getAllCORSHeaders(): string[] {
  return ['content-type', 'rid', 'fdi-version', 'anti-csrf', 'authorization', 'st-auth-mode'];
}
