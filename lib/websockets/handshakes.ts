import { Inject, Injectable, Logger, type WebSocketAdapter } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { AuthErrorFilter } from '../http/auth-error.filter.js';
import { answerErrorsOfHandlers } from '../http/handler-filters.js';
import { Gateways, type Admission, type ServerAddress } from './gateways.js';
import { MESSAGE_METADATA } from './nest-metadata.js';
import { WebSocketSessions } from './websocket-sessions.js';
import { PlainHandshakes, isPlainServer } from './plain-handshakes.js';
import { SocketIoHandshakes, isSocketIoServer } from './socket-io-handshakes.js';
import type { SocketClient } from './socket-client.js';

type Callback = (client: SocketClient, ...input: unknown[]) => void;

/**
 * Sees every handshake before a gateway is told of it. Nest asks its adapter for servers when it connects gateways, after all
 * providers are made: so this one, whatever adapter the application chose, is asked to let us look first.
 */
@Injectable()
export class Handshakes {
  private readonly logger = new Logger('Latchkey');
  private readonly adapters = new WeakSet<WebSocketAdapter>();
  private readonly admissions = new WeakMap<object, () => Admission>();

  constructor(
    @Inject(ApplicationConfig) application: ApplicationConfig,
    @Inject(Gateways) private readonly gateways: Gateways,
    @Inject(PlainHandshakes) private readonly plain: PlainHandshakes,
    @Inject(SocketIoHandshakes) private readonly socketIo: SocketIoHandshakes,
    @Inject(WebSocketSessions) private readonly sessions: WebSocketSessions,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(AuthErrorFilter) errors: AuthErrorFilter,
  ) {
    answerErrorsOfHandlers(modules, errors, MESSAGE_METADATA);
    const getIoAdapter = application.getIoAdapter.bind(application);
    application.getIoAdapter = () => this.watch(getIoAdapter());
  }

  private watch(adapter: WebSocketAdapter): WebSocketAdapter {
    if (!adapter || this.adapters.has(adapter)) return adapter;
    this.adapters.add(adapter);
    const create = adapter.create.bind(adapter);
    const bindClientConnect = adapter.bindClientConnect.bind(adapter);
    adapter.create = (port: number, options?: object) => this.guard(create(port, options), { port, ...options });
    adapter.bindClientConnect = (server: unknown, callback: Callback) =>
      bindClientConnect(server, (client: SocketClient, ...input: unknown[]) => {
        if (this.isAdmitted(server, client, input[0])) callback(client, ...input);
      });
    return adapter;
  }

  private guard(server: unknown, address: ServerAddress): unknown {
    if (typeof server !== 'object' || server === null || this.admissions.has(server)) return server;
    let known: Admission | undefined;
    // Global guards are registered later.
    const admission = () => (known ??= this.gateways.admissionOf(address));
    this.admissions.set(server, admission);
    if (isSocketIoServer(server)) this.socketIo.guard(server, admission);
    else if (isPlainServer(server)) this.plain.guard(server, admission);
    return server;
  }

  private isAdmitted(server: unknown, client: SocketClient, request: unknown): boolean {
    if (!this.sessions.isAdmitted(client)) {
      const isAdmitted = this.plain.settle(client, request) ?? this.isAdmittedUnseen(server);
      if (!isAdmitted) return false;
    }
    this.sessions.connect(client);
    return true;
  }

  /**
   * Of an adapter that we do not know. Where sockets may come without a session, so may this one: its guards refuse each
   * message. Nobody hears of it where one is required.
   */
  private isAdmittedUnseen(server: unknown): boolean {
    const admission = this.admissions.get(server as object)?.();
    if (admission?.requirements.length === 0) return true;
    this.logger.error(
      'The adapter of WebSockets is neither that of socket.io nor that of ws, so handshakes cannot be verified: sockets of ' +
        'gateways with @Session() are ignored. Use one of these, or a SessionTransport of your own.',
    );
    return false;
  }
}
