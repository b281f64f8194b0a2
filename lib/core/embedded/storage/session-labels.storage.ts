import type { SqlAuthDatabase } from './sql-auth-database.js';
import { everyUserId } from './user-ids.js';

/** The ids of users and login methods that sessions are shown under. */
export class SessionLabelsStorage {
  constructor(private readonly database: SqlAuthDatabase) {}

  /**
   * From one id of a user or a login method to the other one. While the mapping of both is there: without it, a session
   * under an id of another system is nobody's, and stays when the user is deleted.
   * @param userId of the user whose sessions they are
   */
  async relabel(userId: string, { from, to }: { from: string; to: string }): Promise<void> {
    const db = await this.database.tables();
    await db
      .updateTable('latchkey_sessions')
      .set(({ case: choose, ref }) => ({
        user_id: choose().when('user_id', '=', from).then(to).else(ref('user_id')).end(),
        recipe_user_id: choose().when('recipe_user_id', '=', from).then(to).else(ref('recipe_user_id')).end(),
      }))
      .where('user_id', 'in', everyUserId(userId))
      .where((eb) => eb.or([eb('user_id', '=', from), eb('recipe_user_id', '=', from)]))
      .execute();
  }
}
