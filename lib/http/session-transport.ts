import type { ArgumentsHost, Provider, Type } from '@nestjs/common';
import { z } from 'zod';
import type { HttpExchange } from './http-exchange.js';
import type { TransportRefusal } from './transport-refusal.js';

/**
 * Where the calls of a transport carry a session, and how an error is told to its clients. `@Session()`, `SessionGuard`,
 * `AnyOf` and `SessionVerifier` work on every transport that has one: those of `latchkey/graphql`, `latchkey/websockets` and
 * `latchkey/microservices`, and your own, given as `transports` of `AuthModule.forRoot`. Nest makes it, so it may inject.
 */
export abstract class SessionTransport {
  /** What `ExecutionContext.getType()` says of its calls, such as `'ws'`. */
  abstract readonly type: string;

  /**
   * The request that carries the tokens, and the response that takes new ones; the same objects whenever it is asked for one
   * call. For calls that are no HTTP requests: `createExchange({ headers })`.
   * @returns undefined where nothing could carry a session: guards then refuse the call
   * @throws {AuthError} nothing that it carries may count, such as the cookies of another site's page
   */
  abstract exchangeOf(host: ArgumentsHost): HttpExchange | undefined;

  /**
   * What tells one call from all others: one of `host.getArgs()`, an object. `@Session()` parameters are found by it.
   * @returns undefined for a call without one: `@Session()` parameters then throw
   */
  abstract callOf(host: ArgumentsHost): object | undefined;

  /** Told of each call that has a session, a `SessionContainer`: connections that stay open are to end with it. */
  verified?(session: unknown, host: ArgumentsHost): void;

  /**
   * Tells the client of an error.
   * @param refusal never rejects
   * @returns what the exception filters of this transport return
   */
  abstract refuse(refusal: Promise<TransportRefusal>, host: ArgumentsHost): unknown;
}

/** A transport with what it injects, as a package brings it. */
export interface TransportDefinition {
  useClass: Type<SessionTransport>;
  providers: Provider[];
}

/** An element of `transports` of `AuthModule.forRoot`. */
export type TransportOption = Type<SessionTransport> | TransportDefinition;

const EXPECTED = "a class that extends SessionTransport, or such as GraphqlTransport.init() of 'latchkey/graphql'";

export const transportsSchema = z.array(
  z.custom<TransportOption>(
    (value) => extendsTransport(value) || extendsTransport((value as TransportDefinition | undefined)?.useClass),
    EXPECTED,
  ),
  `a list, each ${EXPECTED}`,
);

function extendsTransport(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof SessionTransport;
}

/** @returns the class that Nest makes */
export function transportClassOf(option: TransportOption): Type<SessionTransport> {
  return typeof option === 'function' ? option : option.useClass;
}
