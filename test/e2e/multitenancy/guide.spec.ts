import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UserRolesFunctions } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { around, newEmail, PASSWORD, type AuthApp } from '../../support/auth-app.js';
import { frameworks, startApp } from '../../support/frameworks.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('docs/guides/tenants.md', () => {
  it('shows the files of the application that runs here', () => {
    const guide = readFileSync(`${root}docs/guides/tenants.md`, 'utf8');
    for (const file of ['app.module.ts', 'notes.controller.ts', 'companies.controller.ts']) {
      const source = readFileSync(`${root}test/e2e/multitenancy/companies/${file}`, 'utf8');
      expect(guide).toContain(`\`\`\`ts\n// ${file}\n${source}\`\`\``);
    }
  });
});

describe.each(frameworks)('the application of the guide on tenants, on %s', (framework) => {
  let app: AuthApp;

  beforeAll(async () => {
    process.env.AUTH_DATABASE = ':memory:';
    try {
      const { AppModule } = (await import('./companies/app.module.js')) as { AppModule: Type };
      app = around(await startApp(framework, AppModule));
    } finally {
      delete process.env.AUTH_DATABASE;
    }
  });
  afterAll(() => app.app.close());

  it('keeps companies apart', async () => {
    const signUp = async (path: string) => {
      const client = app.client();
      const response = await client.auth(path, formFields({ email: newEmail(), password: PASSWORD }));
      return { client, answer: (await response.json()) as { status: string; user: { id: string } } };
    };
    const { client: operator, answer } = await signUp('signup');
    expect((await operator.get('/public/companies')).status).toBe(403);
    const userId = answer.user.id;
    await app.app.get(UserRolesFunctions, { strict: false }).addRoleToUser({ userId, role: 'operator' });
    await operator.refresh();
    for (const company of ['acme', 'globex']) await operator.fetch(`/public/companies/${company}`, { method: 'PUT' });
    expect(await (await operator.get('/public/companies')).json()).toEqual([
      { tenantId: 'acme', firstFactors: ['emailpassword'] },
      { tenantId: 'globex', firstFactors: ['emailpassword'] },
      { tenantId: 'public' },
    ]);

    const [{ client: ada }, { client: bob }] = [await signUp('acme/signup'), await signUp('globex/signup')];
    expect(await (await ada.post('/acme/notes', { text: 'Buy a piano' })).json()).toEqual(['Buy a piano']);
    expect(await (await bob.get('/globex/notes')).json()).toEqual([]);
    for (const [client, path] of [
      [bob, '/acme/notes'],
      [ada, '/globex/notes'],
      [operator, '/acme/notes'],
    ] as const) {
      expect((await client.get(path)).status).toBe(403);
    }
    expect((await ada.get('/public/companies')).status).toBe(403);
    await operator.fetch('/public/companies/acme', { method: 'DELETE' });
    expect((await ada.get('/acme/notes')).status).toBe(401);
    expect((await signUp('acme/signup')).answer).toMatchObject({ message: 'Unknown tenant: acme' });
  });
});
