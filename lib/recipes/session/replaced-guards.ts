import { InternalServerErrorException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { isObservable, lastValueFrom } from 'rxjs';
import { stateOf } from '../../http/request-state.js';
import type { Transports } from '../../http/transports.js';
import { noteVerified } from './session-on-request.js';
import type { SessionContainer } from './session-container.js';
import { hasParameterLevel, readSessionRequirements, verifiesSessions } from './session-requirements.js';
import { SessionGuard } from './session.guard.js';

/**
 * A test may replace the guard, one that extends it, or `AnyOf` it and others: by `overrideGuard(SessionGuard)`, say, or by
 * `overrideProvider(SessionGuard)`. A `@Session()` parameter believes nobody but the guard, so what the replacement has put on
 * the request is noted as the guard would have. An application that Nest has started without such a test has nothing to
 * replace. To be called when everything is made, before Nest makes the routes.
 *
 * @param home the module that has the guard as a provider
 */
export function noteReplacedGuards(modules: ModulesContainer, home: Function, transports: Transports): void {
  const provider = [...modules.values()].find(({ metatype }) => metatype === home)?.providers.get(SessionGuard);
  for (const { injectables } of modules.values()) {
    for (const [token, wrapper] of injectables) {
      if (!verifiesSessions(token)) continue;
      const candidates = [wrapper, token === SessionGuard ? provider : undefined];
      const replaced = candidates.find((each) => each !== undefined && each.metatype !== token);
      // One that is made for each request is not there yet.
      if (!replaced?.isDependencyTreeStatic() || !isGuard(replaced.instance)) continue;
      wrapper.instance = new ReplacedGuard(replaced.instance, transports);
    }
  }
}

function isGuard(value: unknown): value is CanActivate {
  return typeof (value as CanActivate | undefined)?.canActivate === 'function';
}

/** Calls a guard of a test, and notes the session that it has put on the request. */
export class ReplacedGuard implements CanActivate {
  constructor(
    private readonly replacement: CanActivate,
    private readonly transports: Transports,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const answer = this.replacement.canActivate(context);
    const passes = await (isObservable(answer) ? lastValueFrom(answer) : answer);
    if (passes) noteSession(context, this.transports);
    return passes;
  }
}

function noteSession(context: ExecutionContext, transports: Transports): void {
  const exchange = transports.exchangeOf(context);
  if (exchange === undefined) return;
  const handler = context.getHandler();
  const state = stateOf(exchange.request);
  // A replacement that extends the guard and calls it.
  if (state.verifiedFor === handler) return;
  const session = (state.request.original as { session?: unknown }).session ?? state.session;
  if (!isSession(session)) assertNeedsNone(context, session);
  state.session = isSession(session) ? session : undefined;
  noteVerified(context, exchange.request, state.session as SessionContainer | undefined, transports.callOf(context));
}

/** By its shape: a test may give as much of a session as its handler asks for. */
function isSession(value: unknown): boolean {
  return typeof (value as Partial<SessionContainer> | undefined)?.getUserId === 'function';
}

/** Not an `AuthError`, whose text clients do not see: the reader of this answer is the author of the test. */
function assertNeedsNone(context: ExecutionContext, found: unknown): void {
  const [controller, handler] = [context.getClass(), context.getHandler()];
  const { options } = readSessionRequirements(controller, handler);
  if (!hasParameterLevel(handler) || options.sessionRequired === false) return;
  throw new InternalServerErrorException(
    `${controller.name}.${handler.name} has a @Session() parameter, and the guard that replaces SessionGuard has put no session ` +
      `on the request: request.session is ${found === undefined ? 'undefined' : 'something else'}. Write request.session = ` +
      "fakeSession({ userId: 'ann' }) before it returns true, with fakeSession of 'latchkey/testing'.",
  );
}
