import {
  Inject,
  Injectable,
  Optional,
  Scope,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { isObservable, lastValueFrom } from 'rxjs';
import { ConfigurationError } from '../../core/auth.error.js';
import { type MaybePromise, whenSettled, whenThere } from '../../core/maybe-promise.js';
import { wrapResponse } from '../../http/framework.js';
import type { HttpExchange } from '../../http/http-exchange.js';
import { SCOPE_OPTIONS_METADATA } from '../../http/nest-metadata.js';
import { OwnResponseSentError } from '../../http/own-response-sent.error.js';
import { Transports } from '../../http/transports.js';
import { mostTelling, type Refusal } from './guard-refusals.js';
import { findVerified, noteVerified, rememberVerified, takeSessionFromRequest } from './session-on-request.js';
import { ReplacedGuard } from './replaced-guards.js';
import { noSession } from './session.error.js';
import { VERIFIES_SESSIONS, verifiesSessions } from './session-requirements.js';
import { SessionVerifier } from './session-verifier.js';

type GuardClass = Type<CanActivate>;

/** On classes that `AnyOf` returns: the guards that they are made of. */
const MEMBERS = 'latchkey:any-of';

/**
 * A guard that lets a request in when one of several guards does. They are called in their order, until one passes. Those that
 * are providers in the module of the route are these; others are made there, by dependency injection.
 *
 * A guard of sessions passes only with a session, also where `sessionRequired` is false. That option says that a `@Session()`
 * parameter may be `undefined`: as it is where another guard has let the request in.
 *
 * Where none passes, a refusal that makes clients refresh comes first, then what has failed, such as a database, then what
 * guards of sessions say, and otherwise what the first guard says.
 *
 * @param guards classes, such as `SessionGuard` and one of your own
 * @returns a class for `@UseGuards()`, and for `useClass` of `APP_GUARD`
 * @throws {ConfigurationError} no guard is given, or one is no class with `canActivate`
 */
export function AnyOf(...guards: [Type<CanActivate>, ...Type<CanActivate>[]]): Type<CanActivate> {
  assertGuards(guards);
  const members = guards.flatMap((guard) => membersOf(guard) ?? [guard]);
  class AnyOfGuards extends AlternativeGuards {
    protected override readonly members = members;
  }
  Object.defineProperty(AnyOfGuards, 'name', { value: `AnyOf(${members.map(({ name }) => name).join(', ')})` });
  Injectable()(AnyOfGuards);
  for (const [at, member] of members.entries()) {
    Inject(member)(AnyOfGuards.prototype, propertyOf(at));
    Optional()(AnyOfGuards.prototype, propertyOf(at));
  }
  Reflect.defineMetadata(MEMBERS, members, AnyOfGuards);
  if (members.some(verifiesSessions)) Reflect.defineMetadata(VERIFIES_SESSIONS, true, AnyOfGuards);
  return AnyOfGuards;
}

/** Whether it is `AnyOf` a guard of sessions and one that lets requests in without. */
export function letsOthersIn(guard: unknown): guard is GuardClass {
  const members = membersOf(guard) ?? [];
  return members.some(verifiesSessions) && !members.every(verifiesSessions);
}

function membersOf(guard: unknown): readonly GuardClass[] | undefined {
  if (typeof guard !== 'function') return undefined;
  return Reflect.getOwnMetadata(MEMBERS, guard) as readonly GuardClass[] | undefined;
}

abstract class AlternativeGuards implements CanActivate, OnModuleInit {
  @Inject(ModuleRef) private readonly moduleRef!: ModuleRef;
  @Inject(SessionVerifier) private readonly verifier!: SessionVerifier;
  @Inject(Transports) private readonly transports!: Transports;
  protected abstract readonly members: readonly GuardClass[];
  private guards: CanActivate[] | undefined;

  async onModuleInit(): Promise<void> {
    await this.findGuards();
  }

  /** @returns true where the guard that passes does not wait */
  canActivate(context: ExecutionContext): MaybePromise<boolean> {
    // One that is made for each request, since one of its guards is, has not been initialised.
    if (this.guards === undefined) return this.findGuards().then((guards) => this.askFirst(context, guards));
    return this.askFirst(context, this.guards);
  }

  private askFirst(context: ExecutionContext, guards: readonly CanActivate[]): MaybePromise<boolean> {
    const exchange = this.transports.exchangeOf(context);
    const call = exchange && this.transports.callOf(context);
    const forget = exchange && rememberVerified(exchange.request, call);
    return this.ask({ context, exchange, call, guards, forget }, 0, []);
  }

  private ask(request: GuardedRequest, at: number, refusals: readonly Refusal[]): MaybePromise<boolean> {
    const { context, exchange, guards, forget } = request;
    const guard = guards[at];
    if (guard === undefined) return answer(refusals);
    const refuse = (refusal: Refusal) => {
      // A guard may verify a session and refuse it for another reason: then it is not the session of this request.
      forget?.();
      if (exchange !== undefined && wrapResponse(exchange.response).isSent) throw new OwnResponseSentError();
      return this.ask(request, at + 1, [...refusals, refusal]);
    };
    return whenSettled(
      () => whenThere(guard.canActivate(context) as unknown, settle),
      (passes) => {
        if (!passes) return refuse(undefined);
        if (!this.needsNoSession(request) || guard instanceof ReplacedGuard) return true;
        const verified = exchange && findVerified(context, exchange.request);
        if (!verifiesSessions(this.members[at])) {
          if (verified === undefined) noteNoSession(request);
          return true;
        }
        return verified?.session === undefined ? refuse({ error: noSession() }) : true;
      },
      (error) => refuse({ error }),
    );
  }

  private needsNoSession({ context }: GuardedRequest): boolean {
    const { isPublic, options } = this.verifier.requirementsOf(context);
    return !isPublic && options.sessionRequired === false;
  }

  private async findGuards(): Promise<CanActivate[]> {
    const found = this.members.map(async (member, at) => {
      const provided = (this as unknown as Record<string, CanActivate | undefined>)[propertyOf(at)];
      if (provided === undefined) return this.make(member);
      // A test may have replaced it.
      const isReplaced = verifiesSessions(member) && !(provided instanceof member);
      return isReplaced ? new ReplacedGuard(provided, this.transports) : provided;
    });
    return (this.guards = await Promise.all(found));
  }

  private async make(member: GuardClass): Promise<CanActivate> {
    const { scope } = (Reflect.getMetadata(SCOPE_OPTIONS_METADATA, member) ?? {}) as { scope?: Scope };
    if (scope !== Scope.REQUEST) return this.moduleRef.create(member);
    throw new ConfigurationError(
      `${this.constructor.name}: ${member.name} is request-scoped, and no provider of the module that uses it. Add it to ` +
        'the providers there, so that Nest makes it for each request.',
    );
  }
}

interface GuardedRequest {
  context: ExecutionContext;
  /** Undefined where nothing could carry a session. */
  exchange: HttpExchange | undefined;
  /** What tells the call from others; undefined for plain HTTP. */
  call: object | undefined;
  guards: readonly CanActivate[];
  /** Puts back what was verified before. */
  forget: (() => void) | undefined;
}

/** So that a `@Session()` parameter is undefined, and the guard that it brings does not look for one again. */
function noteNoSession({ context, exchange, call }: GuardedRequest): void {
  if (exchange === undefined) return;
  takeSessionFromRequest(exchange.request);
  noteVerified(context, exchange.request, undefined, call);
}

function propertyOf(at: number): string {
  return `latchkey:guard:${at}`;
}

async function lastOf(value: unknown): Promise<unknown> {
  return isObservable(value) ? lastValueFrom(value) : value;
}

/** As Nest takes what a guard returns: it may be an Observable, or a promise of one. */
function settle(value: unknown): MaybePromise<unknown> {
  return typeof value === 'boolean' ? value : lastOf(value);
}

/** By false, Nest refuses in the words of the transport. */
function answer(refusals: readonly Refusal[]): false {
  const refusal = mostTelling(refusals);
  if (refusal === undefined) return false;
  throw refusal.error;
}

function assertGuards(guards: readonly unknown[]): void {
  if (guards.length === 0)
    throw new ConfigurationError('AnyOf() has no guards, so nobody could pass. Give their classes.');
  for (const [at, guard] of guards.entries()) {
    if (
      typeof guard === 'function' &&
      typeof (guard.prototype as CanActivate | undefined)?.canActivate === 'function'
    ) {
      continue;
    }
    const fix =
      guard === undefined
        ? 'Files that import each other make it so: move the guard to a file of its own.'
        : 'Give the class of a guard, not an instance: Nest makes it.';
    throw new ConfigurationError(`AnyOf: guard ${at + 1} is ${describe(guard)}. ${fix}`);
  }
}

function describe(guard: unknown): string {
  if (typeof guard === 'function') return `${guard.name || 'a function'}, which has no method canActivate`;
  if (typeof guard === 'object' && guard !== null) return `an object of ${guard.constructor?.name ?? 'no class'}`;
  return String(guard);
}
