import { Inject, Injectable } from '@nestjs/common';
import { ApplicationConfig, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { GUARDS_METADATA } from '../http/nest-metadata.js';
import { letsOthersIn } from '../recipes/session/any-of.js';
import type { VerifySessionOptions } from '../recipes/session/index.js';
import {
  asksForSession,
  isPublic,
  readSessionRequirements,
  verifiesSessions,
} from '../recipes/session/session-requirements.js';
import { GATEWAY_METADATA, GATEWAY_OPTIONS, PORT_METADATA } from './nest-metadata.js';

/** What tells the servers of gateways apart, as `@WebSocketGateway(port, { path, namespace })` gives it. */
export interface ServerAddress {
  port: number;
  path?: unknown;
  namespace?: unknown;
}

/** What a handshake has to bring. */
export interface Admission {
  /** No gateway of the server asks for sessions: nobody looks for one. */
  isOpen: boolean;
  /** Of each gateway that asks for a session itself; if no gateway does, a socket may come without one. */
  requirements: VerifySessionOptions[];
}

type GatewayClass = Function & { prototype: object };

/** What the application's gateways ask of those who connect. */
@Injectable()
export class Gateways {
  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(ApplicationConfig) private readonly application: ApplicationConfig,
  ) {}

  /** Gateways of one port, path and namespace share their sockets: what one of them asks for, every socket has to bring. */
  admissionOf(server: ServerAddress): Admission {
    const gateways = this.gatewaysOf(server);
    const required = gateways.filter((gateway) => this.requiresSession(gateway));
    return {
      isOpen: !gateways.some((gateway) => this.looksForSession(gateway)),
      requirements: required.map((gateway) => readSessionRequirements(gateway, () => {}).options),
    };
  }

  private gatewaysOf(server: ServerAddress): GatewayClass[] {
    const found = new Set<GatewayClass>();
    for (const module of this.modules.values()) {
      for (const { metatype } of module.providers.values()) {
        if (typeof metatype !== 'function' || Reflect.getMetadata(GATEWAY_METADATA, metatype) !== true) continue;
        const port = (Reflect.getMetadata(PORT_METADATA, metatype) as number | undefined) ?? 0;
        const options = (Reflect.getMetadata(GATEWAY_OPTIONS, metatype) ?? {}) as Omit<ServerAddress, 'port'>;
        const isOfServer =
          port === server.port &&
          options.path === server.path &&
          withSlash(options.namespace) === withSlash(server.namespace);
        if (isOfServer) found.add(metatype as GatewayClass);
      }
    }
    return [...found];
  }

  private requiresSession(gateway: GatewayClass): boolean {
    if (isPublic(gateway)) return false;
    if (guardsOfClass(gateway).some(letsNobodyElseIn)) return true;
    // A guard of the whole application speaks of each message, so one that is open has to be reached.
    return this.globalGuards().some(letsNobodyElseIn) && !methodsOf(gateway).some(isPublic);
  }

  private looksForSession(gateway: GatewayClass): boolean {
    if (methodsOf(gateway).some(asksForSession)) return true;
    return !isPublic(gateway) && [...guardsOfClass(gateway), ...this.globalGuards()].some(verifiesSessions);
  }

  private globalGuards(): unknown[] {
    return [
      ...this.application.getGlobalGuards().map((guard) => guard.constructor),
      ...this.application.getGlobalRequestGuards().map(({ metatype }) => metatype),
    ];
  }
}

function letsNobodyElseIn(guard: unknown): boolean {
  return verifiesSessions(guard) && !letsOthersIn(guard);
}

/** Those of classes that it extends, too: so does Nest. */
function guardsOfClass(gateway: GatewayClass): unknown[] {
  return (Reflect.getMetadata(GUARDS_METADATA, gateway) as unknown[] | undefined) ?? [];
}

function methodsOf(gateway: GatewayClass): Function[] {
  return new MetadataScanner()
    .getAllMethodNames(gateway.prototype)
    .map((name) => (gateway.prototype as Record<string, unknown>)[name])
    .filter((method) => typeof method === 'function');
}

function withSlash(namespace: unknown): unknown {
  return typeof namespace === 'string' && !namespace.startsWith('/') ? `/${namespace}` : namespace;
}
