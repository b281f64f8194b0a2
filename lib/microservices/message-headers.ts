import { grpcMetadataOf } from './grpc-call.js';

/** What the contexts of Nest's transports have; each has some of it. */
interface AnyContext {
  /** RabbitMQ and Kafka. */
  getMessage?(): { headers?: unknown; properties?: { headers?: unknown } } | undefined;
  /** NATS. */
  getHeaders?(): unknown;
  /** MQTT 5. */
  getPacket?(): { properties?: { userProperties?: unknown } } | undefined;
  /** TCP, since Nest 12. */
  getMetadata?(): unknown;
}

/**
 * The header `authorization` of a message, wherever its transport has headers; else the field `authorization` of its data,
 * since messages of TCP and Redis have nothing but data.
 * @param args those of the handler: the data and the context
 */
export function authorizationOf(args: readonly unknown[]): string | undefined {
  const metadata = grpcMetadataOf(args);
  if (metadata !== undefined) return textOf(metadata.get('authorization')[0]);
  const [data, context] = args as [unknown, AnyContext | undefined];
  const message = context?.getMessage?.();
  const headers = [
    message?.properties?.headers,
    message?.headers,
    context?.getHeaders?.(),
    context?.getPacket?.()?.properties?.userProperties,
    context?.getMetadata?.(),
    data,
  ];
  return headers.map(readAuthorization).find((value) => value !== undefined);
}

function readAuthorization(headers: unknown): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  // Headers of NATS are behind a method, as those of fetch.
  const { get } = headers as { get?: unknown };
  if (typeof get === 'function') return textOf((headers as Map<string, unknown>).get('authorization'));
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'authorization');
  return name === undefined ? undefined : textOf((headers as Record<string, unknown>)[name]);
}

/** Kafka has bytes. */
function textOf(value: unknown): string | undefined {
  const text = Buffer.isBuffer(value) ? value.toString() : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
