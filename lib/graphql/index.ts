/**
 * Published as `latchkey/graphql`: sessions of subscriptions. Queries over HTTP need nothing of it.
 * @module latchkey/graphql
 */
export { GraphqlTransport } from './graphql.transport.js';
