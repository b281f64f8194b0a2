import type { Credentials } from './credentials.js';
import { RequestError, wordsFor } from './request.error.js';

/** What the server says of an access token of the application that has expired. */
const TRY_REFRESH = 'try refresh token';

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  query?: Record<string, string | undefined>;
  body?: object;
  /** Puts the tenant into the path. */
  tenantId?: string;
  signal?: AbortSignal;
  /** Asks whether the credentials are good: a 401 is the answer, and signs nobody out. */
  isProbe?: boolean;
}

/** Speaks with the API below the dashboard's path. */
export class DashboardClient {
  credentials: Credentials | undefined;
  /** Called when the server does not know the credentials (any more). */
  onSignedOut: () => void = () => {};

  constructor(readonly appPath: string) {}

  /**
   * @param path such as `/users`
   * @returns the answer, whatever its `status`
   * @throws {RequestError} no answer, or another HTTP status than 2xx
   */
  async request<A extends object>(path: string, options: RequestOptions = {}): Promise<A> {
    let response = await this.send(path, options);
    let answer = await jsonOf(response);
    if (response.status === 401 && answer?.message === TRY_REFRESH && (await this.refresh())) {
      response = await this.send(path, options);
      answer = await jsonOf(response);
    }
    if (response.ok && answer !== undefined) return answer as A;
    if (response.status === 401 && !options.isProbe) this.onSignedOut();
    throw new RequestError(wordsFor(answer ?? {}) ?? defaultWords(response), response.status);
  }

  /**
   * As `request`, where anything but `OK` is a failure.
   * @throws {RequestError} with what the status means
   */
  async ask<A extends object>(path: string, options: RequestOptions = {}): Promise<A> {
    const answer = await this.request<A & { status?: string }>(path, options);
    if (answer.status === 'OK') return answer;
    throw new RequestError(wordsFor(answer) ?? 'The server answered something unexpected.', 200, answer.status);
  }

  private async send(path: string, { method = 'GET', query = {}, body, tenantId, signal }: RequestOptions) {
    const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`;
    const headers: Record<string, string> = { accept: 'application/json', rid: 'dashboard' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (this.credentials !== undefined && 'token' in this.credentials) {
      headers.authorization = `Bearer ${this.credentials.token}`;
    }
    try {
      return await fetch(`${this.pathOf(tenantId)}/api${path}${search}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal,
        cache: 'no-store',
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new RequestError('The server cannot be reached. Is the network there?', 0);
    }
  }

  private pathOf(tenantId: string | undefined): string {
    if (tenantId === undefined) return this.appPath;
    return this.appPath.replace(/\/[^/]*$/, (last) => `/${encodeURIComponent(tenantId)}${last}`);
  }

  /** The application's access token expires by the hour; its own pages refresh it in the same way. */
  private async refresh(): Promise<boolean> {
    const path = this.appPath.replace(/\/[^/]*$/, '/session/refresh');
    const response = await fetch(path, { method: 'POST', headers: { rid: 'session' } }).catch(() => undefined);
    return response?.ok ?? false;
  }
}

async function jsonOf(response: Response): Promise<{ status?: unknown; message?: unknown } | undefined> {
  try {
    const answer: unknown = await response.json();
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

function defaultWords(response: Response): string {
  if (response.status === 401) return 'You are signed out.';
  if (response.status === 403) return 'You are not permitted to perform this operation';
  if (response.status === 404) return 'The server does not offer this.';
  if (response.status === 429) return 'Too many tries. Wait a little, then try again.';
  return `The server answered ${response.status}.`;
}
