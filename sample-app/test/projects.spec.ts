import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthTestClient } from 'latchkey/testing';
import { TestApplication } from './test-application.js';

describe('projects', () => {
  let application: TestApplication;
  let administrator: AuthTestClient;
  let ann: AuthTestClient;
  let bob: AuthTestClient;

  beforeAll(async () => {
    application = await TestApplication.start();
    administrator = await application.signUpAdministrator();
    ann = await application.signUp('ann@example.com');
    bob = await application.signUp('bob@example.com');
  });
  afterAll(() => application?.stop());

  async function start(by: AuthTestClient, name: string): Promise<string> {
    const response = await by.post('/api/projects', { name });
    expect(response.status).toBe(201);
    return ((await response.json()) as { id: string }).id;
  }

  async function names(): Promise<string[]> {
    const projects = (await (await ann.get('/api/projects')).json()) as { name: string; owner: string }[];
    return projects.map(({ name, owner }) => `${name} of ${owner}`);
  }

  const close = async (by: AuthTestClient, id: string) =>
    (await by.fetch(`/api/projects/${id}`, { method: 'DELETE' })).status;

  it('are closed by their owner and by an administrator, and by nobody else', async () => {
    const engine = await start(ann, ' Engine ');
    const loom = await start(ann, 'Loom');
    expect(await names()).toEqual(expect.arrayContaining(['Engine of ann', 'Loom of ann']));

    expect(await close(application.client(), engine)).toBe(401);
    expect(await close(bob, engine)).toBe(403);
    expect([await close(ann, engine), await close(administrator, loom)]).toEqual([204, 204]);
    expect(await close(ann, engine)).toBe(404);
    expect(await names()).toEqual([]);
  });

  it.each([[undefined], [{}], [{ name: 7 }], [{ name: '  ' }], [{ name: 'a'.repeat(101) }]])(
    'refuse a name such as %j',
    async (body) => {
      expect((await ann.post('/api/projects', body)).status).toBe(400);
    },
  );
});
