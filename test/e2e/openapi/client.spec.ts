import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import createClient, { type Client } from 'openapi-fetch';
import { newEmail, PASSWORD } from '../../support/auth-app.js';
import type { paths } from '../../fixtures/openapi/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { startDocumentedApp, type DocumentedApp } from './application.js';

type Body<Path extends '/auth/signup'> = NonNullable<paths[Path]['post']['requestBody']>['content']['application/json'];
type Fields = Body<'/auth/signup'>['formFields'];

const GENERATOR = join(dirname(createRequire(import.meta.url).resolve('openapi-typescript')), '../bin/cli.js');
const PATHS = new URL('../../fixtures/openapi/paths.ts', import.meta.url);

/** What a generated client sends and reads: the lint step checks that it compiles. */
describe('A client that openapi-typescript makes of the document', () => {
  let app: DocumentedApp;
  let client: Client<paths>;

  beforeAll(async () => {
    app = await startDocumentedApp('Fastify');
    client = createClient<paths>({ baseUrl: app.url });
  });
  afterAll(() => app.app.close());

  it('is the one that these tests are compiled with', async () => {
    const folder = await temporaryFolder();
    const file = folder.path('document.json');
    writeFileSync(file, JSON.stringify(app.document));
    const { stdout: made } = await promisify(execFile)(process.execPath, [GENERATOR, file]);
    await folder.remove();

    if (process.env.LATCHKEY_UPDATE_FIXTURES) writeFileSync(PATHS, made);
    expect(made).toBe(readFileSync(PATHS, 'utf8'));
  });

  it('signs up, asks for what a session opens, refreshes and signs out', async () => {
    const email = newEmail();
    const signUp = await client.POST('/auth/signup', {
      params: { header: { 'st-auth-mode': 'header' } },
      body: {
        formFields: [
          { id: 'email', value: email },
          { id: 'password', value: PASSWORD },
          { id: 'name', value: 'Ann' },
        ],
      },
    });
    if (signUp.data?.status !== 'OK') throw new Error(JSON.stringify(signUp));
    const { user } = signUp.data;
    expect(user.emails).toEqual([email]);

    const authorization = `Bearer ${signUp.response.headers.get('st-access-token')}`;
    const mine = await client.GET('/notes/mine', { headers: { authorization } });
    expect(mine.response.status).toBe(200);
    const verified = await client.GET('/auth/user/email/verify', { headers: { authorization } });
    expect(verified.data).toEqual({ status: 'OK', isVerified: false });

    const refreshToken = signUp.response.headers.get('st-refresh-token');
    const refreshed = await client.POST('/auth/session/refresh', {
      headers: { authorization: `Bearer ${refreshToken}` },
    });
    expect(refreshed.data).toEqual({});
    const out = await client.POST('/auth/signout', { headers: { authorization } });
    expect(out.data?.status).toBe('OK');
  });

  it('tells refusals apart by their status', async () => {
    const wrong = await client.POST('/auth/signin', {
      body: {
        formFields: [
          { id: 'email', value: newEmail() },
          { id: 'password', value: PASSWORD },
        ],
      },
    });
    expect(wrong.data?.status).toBe('WRONG_CREDENTIALS_ERROR');

    const unfit = await client.POST('/auth/signup', {
      body: {
        formFields: [
          { id: 'email', value: 'nobody' },
          { id: 'password', value: PASSWORD },
        ],
      },
    });
    if (unfit.data?.status !== 'FIELD_ERROR') throw new Error(JSON.stringify(unfit));
    expect(unfit.data.formFields.map(({ id }) => id)).toEqual(['email']);

    const nobody = await client.POST('/auth/user/email/verify/token');
    expect(nobody.error?.message).toBe('unauthorised');
    const methods = await client.GET('/auth/loginmethods');
    expect(methods.data?.status === 'OK' && methods.data.thirdParty.providers).toEqual([
      { id: 'google', name: 'Google' },
    ]);
  });

  it('cannot leave out what the application needs, which refuses requests without it', async () => {
    // @ts-expect-error the query is missing
    expect((await client.GET('/auth/emailpassword/email/exists')).response.status).toBe(400);
    // @ts-expect-error the body is missing
    expect((await client.POST('/auth/user/password/reset/token')).response.status).toBe(400);
    const body = { formFields: [{ id: 'password' as const, value: PASSWORD }] };
    // @ts-expect-error the token is missing
    expect((await client.POST('/auth/user/password/reset', { body })).error?.message).toMatch(/token/);
    // @ts-expect-error the form has no such field
    const unknown: Fields = [{ id: 'plan', value: 'pro' }];
    const refused = await client.POST('/auth/signup', { body: { formFields: unknown } });
    expect(refused.error?.message).toBe('formFields has a field that is not expected: plan');
  });
});
