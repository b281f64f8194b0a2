import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { cookieSet } from '../../support/answers.js';
import { clockAhead } from '../../support/clock-ahead.js';
import { onExpress } from '../../support/frameworks.js';
import { startSessionApp, type SessionApp } from '../../support/session-app.js';

describe.each(onExpress)('limits of sessions on %s', (framework) => {
  let app: SessionApp;
  let move: (aheadMs: number) => void;
  beforeAll(async () => {
    // Before the application takes its clock.
    move = clockAhead();
    const core = { maxSessionLifetimeSeconds: 7200, maxUserSessions: 2 };
    app = await startSessionApp(framework, { core });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const unauthorised = { status: 401, body: { message: 'unauthorised' } };
  const answerOf = async (response: Response) => ({
    status: response.status,
    body: (await response.json()) as unknown,
  });

  test('a session ends with its greatest age, though it was refreshed', async () => {
    const { client, response } = await app.signedIn('cookie');
    const end = cookieSet(response, 'sRefreshToken').expires!.getTime();
    move(5_400_000);
    const refreshed = await client.refresh();
    expect(refreshed.status).toBe(200);
    expect(cookieSet(refreshed, 'sRefreshToken').expires!.getTime()).toBe(end);
    move(7_200_000);
    expect(await answerOf(await client.get('/me'))).toMatchObject({ body: { message: 'try refresh token' } });
    expect(await answerOf(await client.refresh())).toEqual(unauthorised);
  });

  test('one session more than there may be signs out where the user was signed in first', async () => {
    const clients = [];
    for (let signedIn = 0; signedIn < 3; signedIn++) clients.push((await app.signedIn('header')).client);
    const answers = await Promise.all(clients.map(async (client) => answerOf(await client.refresh())));
    expect(answers[0]).toEqual(unauthorised);
    expect(answers.slice(1).map(({ status }) => status)).toEqual([200, 200]);
  });
});
