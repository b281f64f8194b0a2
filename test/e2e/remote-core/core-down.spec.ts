import { afterEach, describe, expect, it } from '@jest/globals';
import { startCoreService, type RunningCoreService } from '../../support/core-service.js';
import { onExpress } from '../../support/frameworks.js';
import { freePort } from '../../support/free-port.js';
import { ScriptedCore } from '../../support/scripted-core.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';

describe.each(onExpress)('An application whose core is in another process, on %s', (framework) => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one.close();
  });

  async function startApp(connectionURI: string): Promise<AuthApp> {
    const app = await startAuthApp(framework, { auth: { core: { connectionURI, apiKey: 'right' } } });
    open.push({ close: () => app.app.close() });
    return app;
  }

  /** At an address that stays the same, whatever becomes of the service behind it. */
  async function frontOf(service: RunningCoreService, port: number): Promise<void> {
    const front = await ScriptedCore.start(async ({ method, path, query, headers, body }) => {
      const { 'cdi-version': version, 'api-key': key = '' } = headers;
      const sent = { ...(version === undefined ? {} : { 'cdi-version': String(version) }), 'api-key': String(key) };
      const target = `${service.url}${path}?${query.toString()}`;
      const answer = await fetch(target, { method, headers: sent, body: method === 'GET' ? undefined : body });
      return { status: answer.status, body: await answer.text() };
    }, port);
    open.push(service, front);
  }

  it('starts while the core is down, answers 503, and goes on when it is up', async () => {
    const port = await freePort();
    const { client } = await startApp(`http://127.0.0.1:${port}`);
    const email = newEmail();
    const early = await client().signUp(email, PASSWORD);
    expect(early.status).toBe(503);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await early.text()).not.toMatch(/127\.0\.0\.1|right|ECONN/);

    await frontOf(await startCoreService({ apiKeys: ['right'] }), port);
    const late = client();
    expect(await (await late.signUp(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
  });

  it('with a wrong key answers 500 and says nothing of it', async () => {
    const service = await startCoreService({ apiKeys: ['another'] });
    open.push(service);
    const { client } = await startApp(service.url);
    const response = await client().signUp(newEmail(), PASSWORD);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/key/i);
  });
});
