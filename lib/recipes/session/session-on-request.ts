import { stateOf } from '../../http/request-state.js';
import { SessionContainer } from './session-container.js';

interface MaybeWithSession {
  session?: unknown;
}

/**
 * The session that a guard or `Sessions` verified for this request. It is also `request.session`, unless another library,
 * such as express-session, keeps its own there.
 *
 * @param request the framework's own request
 * @returns undefined where none was verified, or there is none
 */
export function getSessionFromRequest(request: unknown): SessionContainer | undefined {
  return stateOf(request).session as SessionContainer | undefined;
}

export function putSessionOnRequest(request: unknown, session: SessionContainer): void {
  const state = stateOf(request);
  state.session = session;
  const original = state.request.original as MaybeWithSession;
  // A property that is there but empty is a library's as well: it may have a setter, or fill it later.
  if (!('session' in original) || original.session instanceof SessionContainer) original.session = session;
}

/** What was verified before says nothing about now: a socket outlives its session. */
export function takeSessionFromRequest(request: unknown): void {
  const state = stateOf(request);
  state.session = undefined;
  state.verifiedFor = undefined;
  const original = state.request.original as MaybeWithSession;
  if ('session' in original && original.session instanceof SessionContainer) delete original.session;
}
