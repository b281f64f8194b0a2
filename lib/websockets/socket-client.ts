import type { TransportRefusal } from '../http/transport-refusal.js';

/** What `ws` and socket.io have in common, and what tells them apart. */
export interface SocketClient {
  readonly readyState?: unknown;
  on(event: string, listener: (...input: never[]) => void): unknown;
  once(event: string, listener: (...input: never[]) => void): unknown;
  emit(event: string, data: unknown): unknown;
  send(text: string): unknown;
  close(code: number, reason: string): unknown;
  disconnect(close: boolean): unknown;
}

/** As clients of a `ws` server learn why they were refused: of the codes that are free for applications. RFC 6455 §7.4.2 */
const CLOSE_CODES: Partial<Record<TransportRefusal['code'], number>> = {
  BAD_USER_INPUT: 4400,
  UNAUTHENTICATED: 4401,
  FORBIDDEN: 4403,
};
const INTERNAL_ERROR = 1011;

/** A client of `ws` has a numeric state; its `emit` only reaches listeners of this process. */
function isPlainSocket(client: SocketClient): boolean {
  return typeof client.readyState === 'number';
}

export function send(client: SocketClient, event: string, data: unknown): void {
  if (isPlainSocket(client)) client.send(JSON.stringify({ event, data }));
  else client.emit(event, data);
}

/** What is told of a refusal, by whatever way. */
export function payloadOf({ code, reason, message, details }: TransportRefusal): Record<string, unknown> {
  return { ...details, code, ...(reason && { reason }), message };
}

/** Closes the socket and says why: to clients of socket.io by an event before, to those of `ws` by the close frame. */
export function closeSocket(client: SocketClient, refusal: TransportRefusal): void {
  if (isPlainSocket(client)) {
    client.close(CLOSE_CODES[refusal.code] ?? INTERNAL_ERROR, refusal.reason ?? '');
    return;
  }
  client.emit('latchkey:ended', payloadOf(refusal));
  client.disconnect(true);
}
