import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Users } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { onFastify } from '../../support/frameworks.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';

async function validate(): Promise<string> {
  throw new Error('the name service at 10.0.0.7 is down');
}

describe.each(onFastify)('A validator that throws, on %s', (framework) => {
  let app: EmailPasswordApp;

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework, {
      emailPassword: { signUpFeature: { formFields: [{ id: 'name', validate }] } },
    });
  });
  afterAll(() => app.close());

  it('creates no user and tells the client nothing of its reason', async () => {
    const fields = formFields({ email: 'ada@example.com', password: 'correct horse 1', name: 'Ada' });
    const response = await app.client().auth('signup', fields);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('10.0.0.7');
    expect(await app.app.get(Users).getUserCount()).toBe(0);
  });
});
