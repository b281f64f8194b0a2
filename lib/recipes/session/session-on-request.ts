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
 * @returns undefined where none was verified, or there is none
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

/**
 * That the session on the request, or none, was verified for the handler. Many resolvers run at once for one GraphQL
 * request, each behind a guard of its own: what was verified for one of them is kept under what GraphQL makes for each call.
 */
export function noteVerified(context: ExecutionContext, request: unknown, session: SessionContainer | undefined): void {
  const state = stateOf(request);
  if (context.getType<string>() === 'http') {
    state.verifiedFor = context.getHandler();
    return;
  }
  const call = graphqlCallOf(context);
  if (call !== undefined) (state.graphqlCalls ??= new WeakMap()).set(call, { session });
}

/** @returns what was verified for this very handler, or, under GraphQL, for this very call; undefined where nothing was */
export function findVerified(context: ExecutionContext, request: unknown): { session?: unknown } | undefined {
  const state = stateOf(request);
  if (context.getType<string>() === 'http') return state.verifiedFor === context.getHandler() ? state : undefined;
  const call = graphqlCallOf(context);
  return call && state.graphqlCalls?.get(call);
}

/** @returns what puts back the session that is on the request now, and for what it was verified */
export function rememberVerified(context: ExecutionContext, request: unknown): () => void {
  const state = stateOf(request);
  const { session, verifiedFor } = state;
  const call = graphqlCallOf(context);
  const ofCall = call && state.graphqlCalls?.get(call);
  return () => {
    putSessionOnRequest(request, session as SessionContainer | undefined);
    state.verifiedFor = verifiedFor;
    if (call === undefined) return;
    if (ofCall === undefined) state.graphqlCalls?.delete(call);
    else state.graphqlCalls?.set(call, ofCall);
  };
}

/** The `info` of a resolver. */
function graphqlCallOf(context: ExecutionContext): object | undefined {
  const info: unknown = context.getType<string>() === 'graphql' ? context.getArgByIndex(3) : undefined;
  return typeof info === 'object' && info !== null ? info : undefined;
}
