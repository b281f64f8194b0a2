import { readLimited } from '../read-limited.js';

/** As much as a page of 500 users needs, and by far less than would hurt. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export interface CoreRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With its query. */
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** Gives it up. */
  signal?: AbortSignal;
}

export interface CoreAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** There is no answer. */
export class NoAnswerError extends Error {
  constructor(
    readonly reason: string,
    /** False where the core cannot have seen the request, so that any may be made again. */
    readonly mayHaveArrived: boolean,
    readonly isTimeout: boolean,
    cause: unknown,
  ) {
    super(reason, { cause });
  }
}

/** Errors of the way to the core, before the first byte is sent. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|\w+_CERT\w*|UNABLE_TO_\w+)$/;

/**
 * One request to one address. Redirects are answers like any other: the key must not travel to where they point.
 * @throws {NoAnswerError}
 */
export async function exchange(request: CoreRequest, timeoutMs: number): Promise<CoreAnswer> {
  const { method, url, headers, body } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  const giveUp = new AbortController();
  const signal = giveUp.signal;
  const abort = () => giveUp.abort();
  // Not by AbortSignal.any, which keeps something of each call for as long as the longest of its signals lives.
  for (const each of [timeout, request.signal]) each?.addEventListener('abort', abort, { once: true });
  if (request.signal?.aborted === true) abort();
  try {
    const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
    const text = (await readLimited(response, MAX_ANSWER_BYTES)).toString('utf8');
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    throw noAnswer(error, timeout.aborted, timeoutMs);
  } finally {
    request.signal?.removeEventListener('abort', abort);
  }
}

function noAnswer(error: unknown, isTimeout: boolean, timeoutMs: number): NoAnswerError {
  if (isTimeout) return new NoAnswerError(`no answer within ${timeoutMs} ms`, true, true, error);
  const { code, message } = innermost(error);
  return new NoAnswerError(code ?? message, code === undefined || !BEFORE_SENDING.test(code), false, error);
}

/** `fetch` hides the reason below an error that only says that it failed. */
function innermost(error: unknown): { code?: string; message: string } {
  let { message, code, cause } = Object(error) as { message?: unknown; code?: unknown; cause?: unknown };
  for (let depth = 0; depth < 5 && typeof code !== 'string' && cause !== undefined; depth++) {
    ({ message, code, cause } = Object(cause) as { message?: unknown; code?: unknown; cause?: unknown });
  }
  return { code: typeof code === 'string' ? code : undefined, message: String(message) };
}
