import { expressionBuilder, type Selectable } from 'kysely';
import { mergeAtRoot } from '../../json.js';
import type { JsonObject, JsonValue } from '../../json.types.js';
import type { SessionsTable, Tables } from './tables.js';

/** By the name of the claim: its value, null where it was removed, and when it changed. */
export type SharedClaims = Record<string, { at: number; value: JsonValue }>;

/** Found out about a session in the statement that reads it. */
interface WithSharedClaims {
  shared_claims: string | null;
}

/** A session as it counts; `stored_payload` is what its row holds. */
export type FoundSession = Selectable<SessionsTable> & { stored_payload: string };

/** For a statement over sessions: what facts have changed for the session's login method and tenant. */
export function sharedClaims() {
  return ofSession().select('shared.claims').as('shared_claims');
}

/** For a statement that writes a whole payload: what it replaces does not come back. */
export function sharedClaimsAtMs() {
  const { fn, val } = expressionBuilder<Tables, never>();
  return fn.coalesce(ofSession().select('shared.changed_at_ms'), val(0));
}

/** Merges the changes into the payload that came after it was written. */
export function withSharedClaims<Row extends (Selectable<SessionsTable> & WithSharedClaims) | undefined>(
  row: Row,
): FoundSession | Extract<Row, undefined> {
  if (row === undefined) return undefined as Extract<Row, undefined>;
  const { shared_claims, ...session } = row;
  const stored_payload = session.access_token_payload;
  const found = { ...session, stored_payload };
  if (shared_claims === null) return found;
  const changes = Object.entries(JSON.parse(shared_claims) as SharedClaims);
  const newer = changes.filter(([, { at }]) => at > session.claims_at_ms);
  if (newer.length === 0) return found;
  const update = Object.fromEntries(newer.map(([name, { value }]) => [name, value]));
  const payload = mergeAtRoot(JSON.parse(stored_payload) as JsonObject, update);
  const claims_at_ms = Math.max(...newer.map(([, { at }]) => at));
  return { ...found, access_token_payload: JSON.stringify(payload), claims_at_ms };
}

function ofSession() {
  return expressionBuilder<Tables, 'latchkey_sessions'>()
    .selectFrom('latchkey_shared_claims as shared')
    .whereRef('shared.user_id', '=', 'latchkey_sessions.user_id')
    .whereRef('shared.recipe_user_id', '=', 'latchkey_sessions.recipe_user_id')
    .whereRef('shared.tenant_id', '=', 'latchkey_sessions.tenant_id');
}
