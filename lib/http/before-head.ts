import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** What `writeHead` is given: an object, pairs, or names and values in turn. */
export type HeadHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[] | [string, OutgoingHttpHeader][];

/**
 * Has the last word on the headers of an answer, also where a handler writes the head itself, past the framework: all end at
 * `writeHead` of Node's own response.
 *
 * @param change gets what `writeHead` is given, which wins over headers that were set before
 * @returns nothing, or what `writeHead` is to be given instead
 */
export function beforeHead(
  response: ServerResponse,
  change: (headers: HeadHeaders | undefined) => HeadHeaders | void,
): void {
  const writeHead = response.writeHead as (...args: unknown[]) => ServerResponse;
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    if (!this.headersSent) {
      const at = args.findLastIndex((arg) => typeof arg === 'object' && arg !== null);
      const changed = change(args[at] as HeadHeaders | undefined);
      if (changed !== undefined) args[at] = changed;
    }
    return writeHead.apply(this, args);
  } as ServerResponse['writeHead'];
}

export function pairsOf(headers: HeadHeaders): [string, OutgoingHttpHeader | undefined][] {
  if (!Array.isArray(headers)) return Object.entries(headers);
  if (Array.isArray(headers[0])) return headers as [string, OutgoingHttpHeader][];
  return Array.from({ length: headers.length / 2 }, (_, at) => headers.slice(2 * at, 2 * at + 2)) as [
    string,
    OutgoingHttpHeader,
  ][];
}
