import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

export interface SoakOptions {
  url: string;
  apiKey?: string;
  clients: number;
  durationMs: number;
}

export interface SoakResult {
  requests: number;
  /** What was not as specified, with how often; empty when all is well. */
  errors: Map<string, number>;
}

interface Answer {
  status: string;
  [member: string]: unknown;
}

/**
 * Clients that each live a user's life over and over, at least once: they sign up; then a session, verified, refreshed,
 * changed and revoked, and a sign-in now and then. Every answer is looked at.
 */
export async function soak({ url, apiKey, clients, durationMs }: SoakOptions): Promise<SoakResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const result: SoakResult = { requests: 0, errors: new Map() };
  const { hostname, port } = new URL(url);

  function call(method: string, path: string, body?: object): Promise<Answer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      'content-length': Buffer.byteLength(text),
      ...(apiKey === undefined ? {} : { 'api-key': apiKey }),
    };
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path, method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          if (response.statusCode !== 200)
            return reject(new Error(`${method} ${path}: ${response.statusCode} ${answer}`));
          resolve(JSON.parse(answer) as Answer);
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }

  async function expectOk(method: string, path: string, body?: object): Promise<Answer> {
    result.requests += 1;
    const answer = await call(method, path, body);
    if (answer.status !== 'OK') throw new Error(`${method} ${path.split('?')[0]}: ${answer.status}`);
    return answer;
  }

  async function liveOnce(userId: string): Promise<void> {
    const claims = { userDataInJWT: { role: 'user' }, userDataInDatabase: {}, enableAntiCsrf: false };
    const created = await expectOk('POST', '/recipe/session', { userId, ...claims });
    const { handle } = created.session as { handle: string };
    const { token: refreshToken } = created.refreshToken as { token: string };
    const refreshed = await expectOk('POST', '/recipe/session/refresh', { refreshToken, enableAntiCsrf: false });
    const { token: accessToken } = refreshed.accessToken as { token: string };
    const verify = { accessToken, enableAntiCsrf: false, doAntiCsrfCheck: false, checkDatabase: true };
    await expectOk('POST', '/recipe/session/verify', verify);
    await expectOk('PUT', '/recipe/session/data', { sessionHandle: handle, userDataInDatabase: { seen: true } });
    await expectOk('GET', `/recipe/session?sessionHandle=${handle}`);
    await expectOk('POST', '/recipe/session/remove', { sessionHandles: [handle] });
  }

  async function live(untilMs: number): Promise<void> {
    const credentials = { email: `${randomUUID()}@example.com`, password: 'correct-horse-1' };
    const { recipeUserId } = await expectOk('POST', '/recipe/signup', credentials);
    let lives = 0;
    do {
      await liveOnce(recipeUserId as string);
      if (lives % 20 === 0) await expectOk('POST', '/recipe/signin', credentials);
      lives += 1;
    } while (Date.now() < untilMs);
  }

  const untilMs = Date.now() + durationMs;
  const note = ({ message }: Error) => result.errors.set(message, (result.errors.get(message) ?? 0) + 1);
  await Promise.all(Array.from({ length: clients }, () => live(untilMs).catch(note)));
  agent.destroy();
  return result;
}
