import { expect } from '@jest/globals';
import { startEmailPasswordApp, type EmailPasswordApp, type EmailPasswordAppOptions } from './email-password-app.js';
import { bothFrameworks } from './frameworks.js';
import { sendRaw, type RawAnswer, type RawRequest } from './raw-request.js';
import type { Row } from './sqlite-file.js';
import { testDatabase, type TestDatabase } from './test-database.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/** The same application on each framework, to be given the same requests: their answers must not differ. */
export class BothFrameworks {
  private constructor(
    readonly apps: EmailPasswordApp[],
    private readonly databases: TestDatabase[],
  ) {}

  static async start(options: EmailPasswordAppOptions = {}): Promise<BothFrameworks> {
    const databases: TestDatabase[] = [];
    const apps: EmailPasswordApp[] = [];
    for (const framework of bothFrameworks) {
      const database = await testDatabase();
      databases.push(database);
      const core = { ...options.core, ...database.core } as EmailPasswordAppOptions['core'];
      apps.push(await startEmailPasswordApp(framework, { ...options, core }));
    }
    return new BothFrameworks(apps, databases);
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await Promise.all(this.databases.map((database) => database.remove()));
  }

  /** @returns every row of every table, for each framework */
  contents(): Promise<Record<string, Row[]>[]> {
    return Promise.all(this.databases.map((database) => database.contents()));
  }

  /** @returns the answer of each, in the order of `bothFrameworks` */
  send(request: RawRequest): Promise<RawAnswer[]> {
    return Promise.all(this.apps.map(({ url }) => sendRaw(url, request)));
  }

  /** Posts text as JSON, valid or not; anything else is stringified. */
  post(path: string, body: unknown, headers: RawRequest['headers'] = {}): Promise<RawAnswer[]> {
    return this.send(jsonRequest(path, body, headers));
  }

  /**
   * Expects both to refuse with one 4xx status and a message that helps, and to write nothing.
   * @returns the status and the message of the first
   */
  async refusal(request: RawRequest): Promise<{ status: number; message: string }> {
    const before = await this.contents();
    const answers = await this.send(request);
    const [first, second] = answers.map(({ status, json }) => ({ status, json }));
    expect({ express: first!.status, fastify: first!.status }).toEqual({
      express: first!.status,
      fastify: second!.status,
    });
    expect(first!.status).toBeGreaterThanOrEqual(400);
    expect(first!.status).toBeLessThan(500);
    for (const { json, headers, text } of answers) {
      expect({ json, text }).toMatchObject({ json: { message: expect.stringMatching(/\w+/) } });
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(text.length).toBeLessThan(2000);
      expect(text).not.toMatch(/node_modules|\.ts:|\.js:|sqlite/i);
      expectNoTokens(headers);
    }
    expect(await this.contents()).toEqual(before);
    return { status: first!.status, message: (first!.json as { message: string }).message };
  }

  /** As `refusal`, where the message is ours and so the same on both. */
  async expectRefused(request: RawRequest, status: number, message: string | RegExp): Promise<void> {
    const refused = await this.refusal(request);
    expect(refused.status).toBe(status);
    const [express, fastify] = await this.send(request);
    expect(express!.json).toEqual(fastify!.json);
    expect(express!.json).toEqual({
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  }

  /** Expects both to answer 200 with that very body, without a session, and to write nothing. */
  async expectAnswered(request: RawRequest, body: unknown): Promise<void> {
    const before = await this.contents();
    for (const { status, json, headers } of await this.send(request)) {
      expect({ status, json }).toEqual({ status: 200, json: body });
      expectNoTokens(headers);
    }
    expect(await this.contents()).toEqual(before);
  }
}

export function jsonRequest(path: string, body: unknown, headers: RawRequest['headers'] = {}): RawRequest {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return { method: 'POST', path, body: text, headers: { ...JSON_TYPE, ...headers } };
}

function expectNoTokens(headers: RawAnswer['headers']): void {
  const carriers = ['set-cookie', 'st-access-token', 'st-refresh-token', 'front-token'];
  expect(carriers.filter((name) => name in headers)).toEqual([]);
}
