/** As Nest's own filter tells the client of a gateway: by `emit` with socket.io, by a frame with `ws`. */
export function sendSocketError(client: unknown, message: string): void {
  const data = { status: 'error', message };
  const socket = (client ?? {}) as { readyState?: unknown; send?: unknown; emit?: unknown };
  if (typeof socket.send === 'function' && typeof socket.readyState === 'number') {
    socket.send(JSON.stringify({ event: 'exception', data }));
  } else if (typeof socket.emit === 'function') {
    socket.emit('exception', data);
  }
}
