import type { ExecutionContext } from '@nestjs/common';
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
 * @returns undefined where neither has verified one
 */
export function getSessionFromRequest(request: unknown): SessionContainer | undefined {
  return stateOf(request).session as SessionContainer | undefined;
}

/** @param session undefined takes away what is there of ours */
export function putSessionOnRequest(request: unknown, session: SessionContainer | undefined): void {
  const state = stateOf(request);
  // What it found is there already, where it was called for the same session.
  if (state.session === session) return;
  state.session = session;
  const original = state.request.original as MaybeWithSession;
  // A property that is there but empty is a library's as well: it may have a setter, or fill it later.
  if ('session' in original && !(original.session instanceof SessionContainer)) return;
  if (session === undefined) delete original.session;
  else original.session = session;
}

/** What was verified before says nothing about now: a socket outlives its session. */
export function takeSessionFromRequest(request: unknown): void {
  putSessionOnRequest(request, undefined);
  stateOf(request).verifiedFor = undefined;
}

/** What was verified for each call that is no HTTP request, under what its transport tells the call by. */
const verifiedCalls = new WeakMap<object, { session?: unknown }>();

/**
 * That the session on the request, or none, was verified for the handler. Many resolvers run at once for one GraphQL
 * request, and many messages of one socket, each behind a guard of its own: what was verified for one of them is kept by
 * itself.
 *
 * @param call what tells it from others, by `Transports.callOf`; undefined for plain HTTP
 */
export function noteVerified(
  context: ExecutionContext,
  request: unknown,
  session: SessionContainer | undefined,
  call: object | undefined,
): void {
  if (context.getType<string>() === 'http') stateOf(request).verifiedFor = context.getHandler();
  else if (call !== undefined) verifiedCalls.set(call, { session });
}

/** @returns what was verified for this very handler, or on other transports for this very call; undefined where nothing was */
export function findVerified(context: ExecutionContext, request: unknown): { session?: unknown } | undefined {
  if (context.getType<string>() !== 'http') return findVerifiedCall(context);
  const state = stateOf(request);
  return state.verifiedFor === context.getHandler() ? state : undefined;
}

/** A parameter is made without dependency injection, so it cannot ask the transport which argument tells the call. */
export function findVerifiedCall(context: ExecutionContext): { session?: unknown } | undefined {
  for (const argument of context.getArgs<unknown[]>()) {
    const verified = typeof argument === 'object' && argument !== null ? verifiedCalls.get(argument) : undefined;
    if (verified !== undefined) return verified;
  }
  return undefined;
}

/** @returns what puts back the session that is on the request now, and for what it was verified */
export function rememberVerified(request: unknown, call: object | undefined): () => void {
  const state = stateOf(request);
  const { session, verifiedFor } = state;
  const ofCall = call && verifiedCalls.get(call);
  return () => {
    putSessionOnRequest(request, session as SessionContainer | undefined);
    state.verifiedFor = verifiedFor;
    if (call === undefined) return;
    if (ofCall === undefined) verifiedCalls.delete(call);
    else verifiedCalls.set(call, ofCall);
  };
}
