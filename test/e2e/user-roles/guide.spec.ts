import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UserRolesFunctions } from 'latchkey';
import type { AuthTestClient } from 'latchkey/testing';
import { Core } from '../../../lib/core/core.js';
import { EmailVerificationCore } from '../../../lib/core/email-verification.core.js';
import { around, newEmail, PASSWORD, type AuthApp } from '../../support/auth-app.js';
import { frameworks, startApp } from '../../support/frameworks.js';

/** By a path that the compiler does not follow: its declarations would type every other test. */
const folder: string = '../../types/declared/invoices';
const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('docs/guides/roles-and-permissions.md', () => {
  it('shows the files of the application that runs here', () => {
    const guide = readFileSync(`${root}docs/guides/roles-and-permissions.md`, 'utf8');
    const snippets = [...guide.matchAll(/```ts\n\/\/ ([\w.-]+)\n([^]*?)```/g)];
    expect(snippets.map(([, file]) => file)).toEqual([
      'permissions.ts',
      'app.module.ts',
      'invoices.controller.ts',
      'staff.controller.ts',
      'first-administrator.ts',
    ]);
    for (const [, file, code] of snippets) {
      const source = readFileSync(`${root}test/types/declared/invoices/${file}`, 'utf8');
      const lines = source.split('\n').map((line) => line.trim());
      expect(code!.split('\n').filter((line) => line.trim() !== '' && !lines.includes(line.trim()))).toEqual([]);
    }
  });
});

describe.each(frameworks)('the application of the guide on roles, on %s', (framework) => {
  let app: AuthApp;
  let FirstAdministrator: Type<{ onApplicationBootstrap(email: string): Promise<void> }>;

  beforeAll(async () => {
    process.env.AUTH_DATABASE = ':memory:';
    try {
      const { AppModule } = (await import(`${folder}/app.module.js`)) as { AppModule: Type };
      ({ FirstAdministrator } = (await import(`${folder}/first-administrator.js`)) as never);
      app = around(await startApp(framework, AppModule));
    } finally {
      delete process.env.AUTH_DATABASE;
    }
  });
  afterAll(() => app.app.close());

  async function signUp() {
    const [client, email] = [app.client(), newEmail()];
    const { user } = (await (await client.signUp(email, PASSWORD)).json()) as { user: { id: string } };
    return { client, email, userId: user.id };
  }
  const statuses = async (client: AuthTestClient) =>
    Promise.all([
      client.get('/invoices').then(({ status }) => status),
      client.post('/invoices', { text: 'One piano' }).then(({ status }) => status),
      client.get('/staff/accountant').then(({ status }) => status),
    ]);

  it('has an administrator, who gives roles and takes them', async () => {
    const [ada, bob] = [await signUp(), await signUp()];
    expect(await statuses(ada.client)).toEqual([403, 403, 403]);
    const first = app.app.get(FirstAdministrator);
    await first.onApplicationBootstrap(ada.email);
    await ada.client.refresh();
    expect(await statuses(ada.client)).toEqual([403, 403, 403]);

    const emails = app.app.get(Core, { strict: false }).port(EmailVerificationCore);
    const created = await emails.createEmailVerificationToken({
      tenantId: 'public',
      recipeUserId: ada.userId,
      email: ada.email,
    });
    if (created.status !== 'OK') throw new Error(created.status);
    await emails.verifyEmailUsingToken({ tenantId: 'public', token: created.token });
    await first.onApplicationBootstrap(ada.email);
    await ada.client.refresh();
    expect(await statuses(ada.client)).toEqual([200, 403, 200]);

    await ada.client.fetch(`/staff/accountant/${bob.userId}`, { method: 'PUT' });
    expect(await (await ada.client.get('/staff/accountant')).json()).toEqual({ status: 'OK', users: [bob.userId] });
    await bob.client.refresh();
    expect(await statuses(bob.client)).toEqual([200, 201, 403]);
    expect(await (await ada.client.get('/invoices')).json()).toEqual([{ text: 'One piano', writtenBy: bob.email }]);

    await ada.client.fetch(`/staff/accountant/${bob.userId}`, { method: 'DELETE' });
    await bob.client.refresh();
    expect(await statuses(bob.client)).toEqual([403, 403, 403]);
    const roles = app.app.get(UserRolesFunctions, { strict: false });
    expect((await roles.getAllRoles()).roles).toEqual(['accountant', 'administrator', 'auditor']);
  });
});
