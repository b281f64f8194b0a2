import type { IncomingMessage, Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EmailPasswordFunctions, isAuthError } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { frameworks } from '../../support/frameworks.js';
import { HeldPasswordHasher } from '../../support/held-password-hasher.js';
import { requestResetToken, resetPassword } from '../../support/password-resets.js';
import { waitUntil } from '../../support/wait-until.js';

interface Outcome {
  status: number;
  body: unknown;
  retryAfter?: string | null;
}

const OK = { status: 200, body: { status: 'OK' } };
const WRONG = { status: 200, body: { status: 'WRONG_CREDENTIALS_ERROR' } };

async function outcomeOf(answer: Promise<Response>): Promise<Outcome> {
  const response = await answer;
  return { status: response.status, body: await response.json(), retryAfter: response.headers.get('retry-after') };
}

describe.each(frameworks)('Hashing is bounded, on %s', (framework) => {
  let app: EmailPasswordApp;
  let hasher: HeldPasswordHasher;
  let functions: EmailPasswordFunctions;

  beforeEach(async () => {
    hasher = new HeldPasswordHasher();
    app = await startEmailPasswordApp(framework, {
      core: { concurrentPasswordHashes: 2, waitingPasswordHashes: 2 },
      auth: { passwordHasher: { useFactory: () => hasher }, attemptLimits: false },
    });
    functions = app.app.get(EmailPasswordFunctions);
  });
  afterEach(async () => {
    hasher.release();
    // fetch opens a connection for each that it has aborted, and then sends nothing: the server would wait for its end.
    server().closeAllConnections();
    await app.close();
  });

  const server = () => app.app.getHttpServer() as Server;

  async function known(): Promise<string> {
    const email = newEmail();
    expect(await (await app.client().signUp(email, PASSWORD)).json()).toMatchObject(OK.body);
    return email;
  }

  async function update(email: string): Promise<Outcome> {
    const user = await functions.getUserByEmail({ email });
    try {
      const body = await functions.updateEmailOrPassword({ recipeUserId: user!.id, password: `${PASSWORD}a` });
      return { status: 200, body };
    } catch (error) {
      return { status: 503, body: isAuthError(error) && { message: error.publicMessage }, retryAfter: '1' };
    }
  }

  it('whatever asks for it: two at once, four wait, the rest is told to come again and loses nothing', async () => {
    const emails = await Promise.all([known(), known(), known(), known(), known()]);
    const token = await requestResetToken(app, emails[0]!);
    const signIn = (email: string, password = PASSWORD) => outcomeOf(app.client().signIn(email, password));
    const requests: (() => Promise<Outcome>)[] = [
      () => outcomeOf(app.client().signUp('new-1@example.com', PASSWORD)),
      () => outcomeOf(app.client().signUp('new-2@example.com', PASSWORD)),
      () => outcomeOf(resetPassword(app.client(), token, `${PASSWORD}b`)),
      () => signIn(emails[1]!),
      () => signIn(emails[3]!),
      () => signIn(emails[1]!, 'wrong'),
      () => signIn('nobody@example.com', 'wrong'),
      () => update(emails[2]!),
      () => signIn(emails[4]!),
      () => signIn('nobody@example.com', 'wrong'),
    ];
    const expected = [OK, OK, OK, OK, OK, WRONG, WRONG, OK, OK, WRONG];

    hasher.isOutdated = true;
    hasher.hold();
    const outcomes: (Outcome | undefined)[] = requests.map(() => undefined);
    const all = Promise.all(requests.map(async (send, at) => (outcomes[at] = await send())));
    await waitUntil(async () => outcomes.filter((outcome) => outcome !== undefined).length === requests.length - 6);
    const isRefused = outcomes.map((outcome) => outcome !== undefined);
    for (const outcome of outcomes) {
      if (outcome === undefined) continue;
      expect(outcome).toMatchObject({ status: 503, body: { message: 'The service is busy. Please try again.' } });
      expect(Number(outcome.retryAfter)).toBeGreaterThanOrEqual(1);
    }
    expect(hasher.working).toBe(2);

    hasher.release();
    await all;
    for (const [at, refused] of isRefused.entries()) {
      expect(refused ? await requests[at]!() : outcomes[at]).toMatchObject(expected[at]!);
    }
    expect(hasher.mostAtOnce).toBe(2);
  });

  it.each(['signin', 'user/password/reset'])('and requests to %s that were aborted leave the line', async (path) => {
    const email = await known();
    const requests: IncomingMessage[] = [];
    server().on('request', (request: IncomingMessage) => requests.push(request));
    // Anybody can make up a token.
    const bodyFor = (password: string): Record<string, object> => ({
      signin: formFields({ email, password }),
      'user/password/reset': { token: 'x'.repeat(64), ...formFields({ password }) },
    });
    const post = (to: string, password: string, signal?: AbortSignal) =>
      fetch(`${app.url}/auth/${to}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(bodyFor(password)[to]),
        signal,
      });
    hasher.hold();
    const aborts = new AbortController();
    let refused = 0;
    const answers = Array.from({ length: 7 }, () =>
      post(path, 'of an aborted request', aborts.signal).then(
        () => refused++,
        () => undefined,
      ),
    );
    // Six fill the places and the line.
    await waitUntil(async () => refused === 1);
    aborts.abort();
    await Promise.all(answers);
    await waitUntil(async () => requests.filter(({ socket }) => socket.destroyed).length === 6);

    const statuses: number[] = [];
    const later = Promise.all(
      Array.from({ length: 5 }, async () => statuses.push((await post('signin', PASSWORD)).status)),
    );
    // Four have found room in the line, while the two that had begun are still hashed.
    await waitUntil(async () => statuses.length > 0);
    expect(hasher.working).toBe(2);
    hasher.release();
    await later;
    expect(statuses).toEqual([503, 200, 200, 200, 200]);
    expect(hasher.passwords.filter((password) => password === 'of an aborted request')).toHaveLength(2);
    expect(hasher.mostAtOnce).toBe(2);
  });
});
