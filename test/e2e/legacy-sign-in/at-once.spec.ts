import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Users } from 'latchkey';
import { newEmail, PASSWORD, type AuthApp } from '../../support/auth-app.js';
import { startCombinedApp } from '../../support/combined-app.js';
import { onFastify } from '../../support/frameworks.js';
import { MovedCombinedUsers, OldSystem, OldSystemModule } from '../../support/old-system.js';

const REQUESTS = 4;

/** With ThirdPartyEmailPassword, whose functions have other names. */
describe.each(onFastify)('First sign-ins at once, on %s', (framework) => {
  let app: AuthApp;
  let old: OldSystem;
  let email: string;

  beforeAll(async () => {
    app = await startCombinedApp(framework, {
      combined: { override: { functions: MovedCombinedUsers } },
      auth: { imports: [OldSystemModule] },
    });
    old = app.app.get(OldSystem);
  });
  afterAll(() => app.app.close());
  beforeEach(() => {
    email = newEmail();
    old.questions.length = 0;
  });

  /** Nobody leaves the old system before all are in it. */
  function meetInOldSystem(): void {
    let inside = 0;
    let open: () => void;
    const allInside = new Promise<void>((resolve) => (open = resolve));
    old.pause = async () => {
      if (++inside === REQUESTS) open();
      await allInside;
    };
  }

  it.each([
    ['with an id', { externalUserId: 'one-user', timeJoinedMs: 1_500_000_000_000 }],
    ['without', {}],
  ])('make one user %s, and everybody is signed in', async (_, user) => {
    old.users.set(email, { password: PASSWORD, user });
    meetInOldSystem();
    const count = await app.app.get(Users, { strict: false }).getUserCount();
    const clients = Array.from({ length: REQUESTS }, () => app.client());
    const responses = await Promise.all(clients.map((client) => client.signIn(email, PASSWORD)));
    const answers = await Promise.all(responses.map((response) => response.json()));
    const bodies = answers as { status: string; user: { id: string } }[];
    expect(bodies.map(({ status }) => status)).toEqual(Array.from({ length: REQUESTS }, () => 'OK'));
    expect(new Set(bodies.map((body) => body.user.id)).size).toBe(1);
    expect(old.questions).toHaveLength(REQUESTS);
    expect(await app.app.get(Users, { strict: false }).getUserCount()).toBe(count + 1);
  });

  it('leave alone the user who has signed up with the email meanwhile', async () => {
    old.users.set(email, { password: PASSWORD, user: { externalUserId: `old-${email}` } });
    old.pause = async () => {
      await app.client().signUp(email, 'another-horse-1');
    };
    const response = await app.client().signIn(email, PASSWORD);
    expect(await response.json()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect(await (await app.client().signIn(email, 'another-horse-1')).json()).toMatchObject({ status: 'OK' });
  });
});
