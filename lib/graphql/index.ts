/** Published as `latchkey/graphql`: sessions of subscriptions. Queries over HTTP need nothing of it. */
export { GraphqlTransport } from './graphql.transport.js';
