import type { TransportRefusal } from '../http/transport-refusal.js';

/** What grpc-js gives with each call. It is not imported: the one that the application has is used. */
interface GrpcMetadata {
  get(key: string): unknown[];
  getMap(): Record<string, unknown>;
  set(key: string, value: string | Buffer): void;
}

/** @see https://grpc.io/docs/guides/status-codes/ */
const STATUS_CODES: Readonly<Record<TransportRefusal['code'], number>> = {
  BAD_USER_INPUT: 3,
  FORBIDDEN: 7,
  TOO_MANY_REQUESTS: 8,
  INTERNAL_SERVER_ERROR: 13,
  SERVICE_UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
};

/** @param args those of a handler: `(request, metadata, call)`, or the call alone of `@GrpcStreamCall()` */
export function grpcMetadataOf(args: readonly unknown[]): GrpcMetadata | undefined {
  const [first, second] = args;
  return [second, (first as { metadata?: unknown } | null | undefined)?.metadata].find(isMetadata);
}

/** What a call is ended with; its trailer says what the client can do. */
export function grpcErrorOf(refusal: TransportRefusal, received: GrpcMetadata, payload: object): object {
  const { code, reason, message } = refusal;
  const metadata = new (received.constructor as new () => GrpcMetadata)();
  if (reason !== undefined) metadata.set('latchkey-reason', reason);
  // Texts of claims may be in any script, which only binary headers carry.
  metadata.set('latchkey-error-bin', Buffer.from(JSON.stringify(payload)));
  return { code: STATUS_CODES[code], message, details: message, metadata };
}

function isMetadata(value: unknown): value is GrpcMetadata {
  const { get, getMap, set } = (value ?? {}) as Partial<GrpcMetadata>;
  return [get, getMap, set].every((method) => typeof method === 'function');
}
