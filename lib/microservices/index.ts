/**
 * Published as `latchkey/microservices`: sessions of messages of microservices and of gRPC calls.
 * @module latchkey/microservices
 */
export { MicroserviceTransport } from './microservice.transport.js';
export type { MicroserviceTransportOptions } from './microservice.transport.options.js';
