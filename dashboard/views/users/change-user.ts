import type { LoginMethod } from '../../client/answers.types.js';
import type { DashboardClient } from '../../client/dashboard-client.js';

/**
 * Changes what is named; the rest stays, as the wire takes an empty text for that.
 * @throws {RequestError} such as another user has that email address
 */
export async function changeUser(
  client: DashboardClient,
  { recipeUserId, recipeId }: LoginMethod,
  change: { firstName?: string; lastName?: string; email?: string; phone?: string },
): Promise<void> {
  const body = { recipeUserId, recipeId, firstName: '', lastName: '', email: '', phone: '', ...change };
  await client.ask('/user', { method: 'PUT', body });
}
