import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formFields } from 'latchkey/testing';
import { BothFrameworks, jsonRequest } from '../../support/both-frameworks.js';
import type { RawRequest } from '../../support/raw-request.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse 1';

/** All routes read the tenant in one place: one is asked everything, the others whether they do. */
const signUp = (tenant: string): RawRequest =>
  jsonRequest(`/auth/${tenant}/signup`, formFields({ email: 'b@b.com', password: PASSWORD }));
const others: [string, (tenant: string) => RawRequest][] = [
  ['sign-in', (tenant) => jsonRequest(`/auth/${tenant}/signin`, formFields({ email: EMAIL, password: PASSWORD }))],
  ['email exists', (tenant) => ({ path: `/auth/${tenant}/emailpassword/email/exists?email=${EMAIL}` })],
  ['the older email exists', (tenant) => ({ path: `/auth/${tenant}/signup/email/exists?email=${EMAIL}` })],
  [
    'a reset',
    (tenant) =>
      jsonRequest(`/auth/${tenant}/user/password/reset`, { token: 'x', ...formFields({ password: PASSWORD }) }),
  ],
  ['a reset link', (tenant) => jsonRequest(`/auth/${tenant}/user/password/reset/token`, formFields({ email: EMAIL }))],
];

describe('A tenant in the path', () => {
  let both: BothFrameworks;

  beforeAll(async () => {
    both = await BothFrameworks.start();
    await both.post('/auth/signup', formFields({ email: EMAIL, password: PASSWORD }));
  });
  afterAll(() => both.close());

  describe('of sign-up', () => {
    it.each(['nowhere', 'public2', 'a-b-c', '0', 'constructor', 'x'.repeat(64)])(
      'that does not exist is named in the answer: %s',
      async (tenant) => {
        await both.expectRefused(signUp(tenant), 400, `Unknown tenant: ${tenant}`);
      },
    );

    it('is lower-cased', async () => {
      await both.expectRefused(signUp('NoWhere'), 400, 'Unknown tenant: nowhere');
    });

    it.each([
      '%00',
      'public%00',
      '..%2fpublic',
      '..%2f..%2f',
      '%2e%2e%2fpublic',
      '%20',
      'public%20',
      '__proto__',
      'public;x',
      'public,public',
      '%3Cscript%3E',
      '%F0%9F%94%91',
      'm%C3%BCnchen',
      '%EF%BD%90ublic',
      "'%20or%201=1--",
      '%25',
      '*',
      ':tenantId',
      '.',
    ])('of the form %s is refused', async (tenant) => {
      const { status } = await both.refusal(signUp(tenant));
      expect([400, 404]).toContain(status);
    });

    it('of 10 KB is refused as a path that is too long', async () => {
      const before = await both.contents();
      const answers = await both.send(signUp('x'.repeat(10_000)));
      expect(answers.map(({ status }) => status)).toEqual([414, 414]);
      for (const { json } of answers) expect(json).toMatchObject({ message: expect.stringMatching(/\w/) });
      expect(await both.contents()).toEqual(before);
    });

    it.each([65, 100, 101])('of %i characters is refused', async (length) => {
      const { status, message } = await both.refusal(signUp('x'.repeat(length)));
      expect(status).toBe(length > 100 ? 414 : 400);
      expect(message).toMatch(/\w/);
    });

    it.each(['%', '%zz', '%C3%28', '%ff'])('that cannot be decoded, %s, is refused', async (tenant) => {
      const { status } = await both.refusal(signUp(tenant));
      expect([400, 404]).toContain(status);
    });

    it.each(['', 'public/public', '/public'])('that is not one segment, %j, finds no route', async (tenant) => {
      const { status } = await both.refusal(signUp(tenant));
      expect(status).toBe(404);
    });
  });

  it.each(others)('of %s is read in the same way', async (_route, request) => {
    await both.expectRefused(request('NoWhere'), 400, 'Unknown tenant: nowhere');
    expect([400, 404]).toContain((await both.refusal(request('..%2fpublic'))).status);
    expect((await both.refusal(request('x'.repeat(101)))).status).toBe(414);
    expect((await both.refusal(request('public/public'))).status).toBe(404);
  });
});
