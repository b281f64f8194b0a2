/**
 * Published as `latchkey/websockets`: sessions of sockets, for gateways on socket.io and on `ws`.
 * @module latchkey/websockets
 */
export { WebSocketTransport } from './websocket.transport.js';
export { WebSocketSessions } from './websocket-sessions.js';
