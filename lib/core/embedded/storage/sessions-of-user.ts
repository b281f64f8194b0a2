import type { Kysely } from 'kysely';
import type { SessionsOfUser } from '../../sessions.core.js';
import type { Tables } from './tables.js';
import { everyOwnerId, everyUserId } from './user-ids.js';

/** The handles of the sessions that are meant, whether or not they have expired. */
export function sessionsOfUser(db: Kysely<Tables>, { userId, tenantId, ofLinkedAccounts = true }: SessionsOfUser) {
  return db
    .selectFrom('latchkey_sessions')
    .select('session_handle')
    .where('user_id', 'in', everyOwnerId(userId))
    .$if(!ofLinkedAccounts, (query) => query.where('recipe_user_id', 'in', everyUserId(userId)))
    .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId!));
}
