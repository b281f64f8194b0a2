/** Published as `latchkey/websockets`: sessions of sockets, for gateways on socket.io and on `ws`. */
export { WebSocketTransport } from './websocket.transport.js';
export { WebSocketSessions } from './websocket-sessions.js';
