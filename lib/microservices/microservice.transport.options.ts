import { z } from 'zod';
import { checkOptions, functionSchema } from '../core/check-options.js';

/** The options of `MicroserviceTransport.init`. */
export interface MicroserviceTransportOptions {
  /**
   * Where a message carries the access token, as `Bearer …` or alone.
   * @param data of the message
   * @param context of Nest: `TcpContext`, `RmqContext` …, or the metadata of gRPC
   * @default the header `authorization`; with TCP and Redis the field `authorization` of the data
   */
  authorizationOf?(data: unknown, context: unknown): string | undefined;
}

export const MICROSERVICE_TRANSPORT_OPTIONS = Symbol('latchkey.microservices.options');

const schema = z.strictObject(
  { authorizationOf: functionSchema('a function that returns the access token of a message').optional() },
  'an object',
);

/** @throws {ConfigurationError} */
export function checkMicroserviceTransportOptions(options: MicroserviceTransportOptions): void {
  checkOptions('MicroserviceTransport.init', schema, options);
}
