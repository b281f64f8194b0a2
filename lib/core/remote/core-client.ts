import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { ConfigurationError, StorageUnavailableError } from '../auth.error.js';
import { type CoreAnswer, type CoreRequest, exchange, NoAnswerError } from './core-exchange.js';
import { oneLine, refusalOf } from './core-errors.js';
import { CoreHosts } from './core-hosts.js';
import { pathOf } from './core-path.js';
import { DEFAULT_TIMEOUT_MS, hostsOf, type RemoteCoreOptions } from './remote-core.options.js';

/** Of the Core Driver Interface; the first that the core has is spoken. */
const VERSIONS = ['5.6', '5.4', '5.3', '5.2', '5.1', '5.0'] as const;
type CoreVersion = (typeof VERSIONS)[number];

const MAX_RETRIES_WHEN_BUSY = 5;
const FIRST_PAUSE_MS = 50;

/** One request to a core service. */
export interface CoreCall<T> {
  method: CoreRequest['method'];
  /** Below the app and the tenant. */
  path: string;
  /** Absent where the call concerns the whole app. */
  tenantId?: string;
  /** Undefined ones are left out. */
  query?: Record<string, string | number | boolean | undefined>;
  body?: object;
  /** Whether it does no harm twice, so that it may be made again when its answer is lost. @default true for all but a POST */
  isRepeatable?: boolean;
  /** False for what every version answers alike. @default true */
  isVersioned?: boolean;
  /** Gives the call up. */
  signal?: AbortSignal;
  /** What a good answer looks like; more in it does not matter. */
  answer: z.ZodType<T>;
}

type Sent = CoreAnswer & { at: string };

/** Makes calls to a core: which address, which version, when again, and what an answer means. */
export class CoreClient {
  private readonly hosts: CoreHosts;
  private readonly timeoutMs: number;
  private readonly apiKey: string | undefined;
  private agreed: Promise<CoreVersion> | undefined;

  constructor({ connectionURI, apiKey, timeoutMs = DEFAULT_TIMEOUT_MS }: RemoteCoreOptions) {
    this.hosts = new CoreHosts(hostsOf(connectionURI));
    this.apiKey = apiKey;
    this.timeoutMs = timeoutMs;
  }

  /**
   * @throws {StorageUnavailableError} no address answers in time, or with something that is no answer
   * @throws {UnknownTenantError} the core does not know the tenant
   * @throws {BadInputError} the core refuses the input
   * @throws {ConfigurationError} the core refuses the key, or is not a core
   */
  async call<T>(call: CoreCall<T>): Promise<T> {
    return (await this.callWithHeaders(call)).value;
  }

  async callWithHeaders<T>(call: CoreCall<T>): Promise<{ value: T; headers: Headers }> {
    const answer = await this.answerTo(call);
    if (answer.status !== 200) throw refusalOf(answer, answer.at, call.tenantId);
    return { value: read(answer, call.answer), headers: answer.headers };
  }

  /** Agreed with the core at first use. */
  async version(): Promise<CoreVersion> {
    this.agreed ??= this.agree();
    try {
      return await this.agreed;
    } catch (error) {
      this.agreed = undefined;
      throw error;
    }
  }

  private async agree(): Promise<CoreVersion> {
    const answer = z.object({ versions: z.array(z.string()) });
    const { versions } = await this.call({ method: 'GET', path: '/apiversion', isVersioned: false, answer });
    const version = VERSIONS.find((candidate) => versions.includes(candidate));
    if (version !== undefined) return version;
    throw new ConfigurationError(
      `core.connectionURI leads to a core that speaks ${oneLine(versions.join(', ')) || 'nothing'}, and we speak ` +
        `${VERSIONS.join(', ')} of the Core Driver Interface. Use another version of it`,
    );
  }

  private async answerTo<T>(call: CoreCall<T>): Promise<Sent> {
    const path = pathOf(call.path, call.tenantId);
    if (call.isVersioned === false) return this.send(call, path, {});
    const answer = await this.send(call, path, { 'cdi-version': await this.version() });
    if (answer.status !== 400 || !/cdi[- ]?version/i.test(answer.text)) return answer;
    // The core was replaced by one of another version.
    this.agreed = undefined;
    return this.send(call, path, { 'cdi-version': await this.version() });
  }

  /** Tries the addresses in turn, as far as the call may be made again. */
  private async send<T>(call: CoreCall<T>, path: string, headers: Record<string, string>): Promise<Sent> {
    const { method, query, body, isRepeatable = method !== 'POST' } = call;
    const request = {
      method,
      headers: { ...headers, ...this.fixedHeaders(body) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: call.signal,
    };
    const target = path + queryOf(query);
    let failure: { reason: string; cause: unknown } | undefined;
    let unavailable: Sent | undefined;

    const addresses = this.hosts.inTurn();
    // A connection that was kept may have been closed at this very moment: once more is worth it.
    if (addresses.length === 1 && isRepeatable) addresses.push(addresses[0]!);
    for (const [attempt, address] of addresses.entries()) {
      const at = `${method} ${address}${path}`;
      try {
        const answer = await this.sendUntilTaken({ ...request, url: address + target });
        if (!isUnavailable(answer) || !isRepeatable) {
          this.hosts.answered(address);
          return { ...answer, at };
        }
        unavailable = { ...answer, at };
        this.hosts.failed(address);
        if (addresses[attempt + 1] === address) break;
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        this.hosts.failed(address);
        failure = { reason: `${at}: ${error.reason}`, cause: error };
        if (error.mayHaveArrived && !isRepeatable) break;
        if (error.isTimeout && addresses[attempt + 1] === address) break;
      }
    }
    if (failure === undefined && unavailable !== undefined) return unavailable;
    throw new StorageUnavailableError({ detail: failure?.reason, cause: failure?.cause });
  }

  /** A request that was refused for being one too many was not looked at, whatever it is. */
  private async sendUntilTaken(request: CoreRequest): Promise<CoreAnswer> {
    for (let retry = 0; ; retry++) {
      const answer = await exchange(request, this.timeoutMs);
      if (answer.status !== 429 || retry === MAX_RETRIES_WHEN_BUSY) return answer;
      await wait(FIRST_PAUSE_MS * 2 ** retry * (0.5 + Math.random()));
    }
  }

  private fixedHeaders(body: object | undefined): Record<string, string> {
    return {
      accept: 'application/json',
      ...(this.apiKey === undefined ? {} : { 'api-key': this.apiKey }),
      ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    };
  }
}

/** Of something in front of a core, or a core that is starting or stopping. */
function isUnavailable({ status }: CoreAnswer): boolean {
  return status === 502 || status === 503 || status === 504;
}

function queryOf(query: CoreCall<unknown>['query'] = {}): string {
  const parameters = Object.entries(query).filter(([, value]) => value !== undefined);
  if (parameters.length === 0) return '';
  return `?${new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}

function read<T>({ text, at }: Sent, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new StorageUnavailableError({ detail: `${at} answered something that is not JSON: ${oneLine(text)}`, cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Not the answer itself: there may be tokens in it.
  const problems = result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new StorageUnavailableError({ detail: `${at} answered what it should not: ${oneLine(problems.join('; '))}` });
}
