import { stateOf } from './request-state.js';
import { getRequestFromUserContext, type UserContext } from './user-context.js';

/** Whether the client has closed its connection, so that nobody waits for what is done for its request. */
export function hasHungUp(userContext: UserContext | undefined): boolean {
  const request = getRequestFromUserContext(userContext);
  return request !== undefined && stateOf(request).response?.isAbandoned === true;
}
