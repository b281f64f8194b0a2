import type { SocketHandshake } from '../sockets/socket-admission.js';

/** The part of Node's request that is used here: the one that became a socket. */
interface UpgradeRequest {
  url?: string;
  rawHeaders: string[];
  socket: { destroy(): void; once(event: 'close', listener: () => void): void };
}

interface Socket {
  close(code: number, reason: string): void;
  once(event: 'close', listener: () => void): void;
}

/** The socket over which subscriptions come, or queries. */
export interface SubscriptionConnection {
  /** The same for every call of one connection. */
  key: object;
  handshake: SocketHandshake;
  close(code: number, reason: string): void;
  onClose(listener: () => void): void;
}

/** What graphql-ws gives as the first input of `context`; Nest's drivers keep it as `req`. */
interface GraphqlWsContext {
  connectionParams?: unknown;
  extra?: { socket?: Socket; request?: UpgradeRequest };
}

/** What Mercurius makes for a subscription. */
interface MercuriusContext {
  request?: { raw?: UpgradeRequest };
  _connectionInit?: unknown;
  socket?: Socket;
}

/** @returns undefined for what came by a request of HTTP */
export function connectionOf(context: unknown): SubscriptionConnection | undefined {
  const { req } = (context ?? {}) as { req?: unknown };
  return ofGraphqlWs(req) ?? ofGraphqlWs(context) ?? ofMercurius(context);
}

function ofGraphqlWs(context: unknown): SubscriptionConnection | undefined {
  const { extra, connectionParams } = (context ?? {}) as GraphqlWsContext;
  const { socket, request } = extra ?? {};
  if (typeof socket?.close !== 'function' || !Array.isArray(request?.rawHeaders)) return undefined;
  return {
    key: socket,
    handshake: handshakeOf(request, connectionParams),
    close: (code, reason) => socket.close(code, reason),
    onClose: (listener) => socket.once('close', listener),
  };
}

function ofMercurius(context: unknown): SubscriptionConnection | undefined {
  if (typeof context !== 'object' || context === null || !('_connectionInit' in context)) return undefined;
  const { request, _connectionInit, socket } = context as MercuriusContext;
  const raw = request?.raw;
  if (!Array.isArray(raw?.rawHeaders)) return undefined;
  return {
    key: raw,
    handshake: handshakeOf(raw, _connectionInit),
    // Mercurius does not tell its socket, unless the application's `subscription.context` does.
    close: (code, reason) => (socket === undefined ? raw.socket.destroy() : socket.close(code, reason)),
    onClose: (listener) => raw.socket.once('close', listener),
  };
}

function handshakeOf({ url = '/', rawHeaders }: UpgradeRequest, params: unknown): SocketHandshake {
  return { url, headers: readHeaders(rawHeaders), token: tokenOf(params) };
}

/**
 * As they came over the wire: Mercurius adds what the client's payload names, and that must not say of which site the page is.
 */
function readHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    const separator = name === 'cookie' ? '; ' : ', ';
    headers[name] = name in headers ? `${headers[name]}${separator}${rawHeaders[at + 1]}` : rawHeaders[at + 1]!;
  }
  return headers;
}

/** `connectionParams: { authorization }`, or as `{ headers: { authorization } }`, which clients for Mercurius send. */
function tokenOf(params: unknown): unknown {
  const { headers, ...others } = (params ?? {}) as Record<string, unknown>;
  for (const [name, value] of [...Object.entries(others), ...Object.entries(headers ?? {})]) {
    if (name.toLowerCase() === 'authorization') return value;
  }
  return undefined;
}
