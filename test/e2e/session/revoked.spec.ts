import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RevocationFeed, Session, SessionContainer, SessionFunctions, Users, type CoreOptions } from 'latchkey';
import type { AuthTestClient } from 'latchkey/testing';
import { newEmail } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { frameworks } from '../../support/frameworks.js';
import { requestResetToken, resetPassword } from '../../support/password-resets.js';
import { postgresSchema } from '../../support/postgres-schema.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

@Controller('perhaps')
class PerhapsController {
  @Get()
  @Session({ sessionRequired: false })
  perhaps(@Session() session?: SessionContainer) {
    return { userId: session?.getUserId() ?? 'nobody' };
  }
}

const PASSWORD = 'old password 1';
const revocationFeed = { pollIntervalMs: 100 };

interface SharedStorage {
  core: Partial<CoreOptions>;
  remove(): Promise<void>;
}

const storages: [string, () => Promise<SharedStorage>][] = [
  [
    'SQLite',
    async () => {
      const folder = await temporaryFolder();
      return { core: { sqlite: folder.path('auth.sqlite'), revocationFeed }, remove: () => folder.remove() };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const { url, schema, drop } = postgresSchema();
      const postgres = { connectionString: url, max: 4 };
      return { core: { postgres, schema, revocationFeed }, remove: drop };
    },
  ],
];

/** Two replicas, one on each framework. */
describe.each(storages)('A session that is revoked over %s', (_, open) => {
  let storage: SharedStorage;
  let replicas: EmailPasswordApp[];

  beforeAll(async () => {
    storage = await open();
    const { core } = storage;
    replicas = [];
    for (const framework of frameworks) {
      replicas.push(await startEmailPasswordApp(framework, { core, controllers: [PerhapsController] }));
    }
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await storage.remove();
  });

  async function ask(replica: EmailPasswordApp, path: string, accessToken: string): Promise<unknown[]> {
    const response = await fetch(replica.url + path, { headers: { authorization: `Bearer ${accessToken}` } });
    return [response.status, await response.json()];
  }

  interface SignedIn {
    client: AuthTestClient;
    email: string;
    userId: string;
    handle: string;
    accessToken: string;
  }

  async function signedUp(replica: EmailPasswordApp): Promise<SignedIn> {
    const [client, email] = [replica.client(), newEmail()];
    await client.signUp(email, PASSWORD);
    const { accessToken } = client.tokens;
    const { sub, sessionHandle } = JSON.parse(Buffer.from(accessToken!.split('.')[1]!, 'base64url').toString());
    for (const each of replicas) expect(await ask(each, '/me', accessToken!)).toMatchObject([200, { userId: sub }]);
    return { client, email, userId: sub, handle: sessionHandle, accessToken: accessToken! };
  }

  const ends: [string, (app: EmailPasswordApp, signedIn: SignedIn) => Promise<unknown>][] = [
    ['a sign-out', (_, { client }) => client.signOut()],
    [
      'a revocation',
      ({ app }, { handle }) => app.get(SessionFunctions, { strict: false }).revokeSession({ sessionHandle: handle }),
    ],
    [
      'a password reset',
      async (app, { email }) => resetPassword(app.client(), await requestResetToken(app, email), 'new password 2'),
    ],
    ['the deletion of the user', ({ app }, { userId }) => app.get(Users, { strict: false }).deleteUser(userId)],
  ];

  test.each(ends.flatMap(([name, end]) => frameworks.map((framework, at) => [name, framework, at, end] as const)))(
    'by %s is refused on %s at once, and soon on the other framework',
    async (_, _framework, at, end) => {
      const [here, there] = [replicas[at]!, replicas[1 - at]!];
      const signedIn = await signedUp(here);
      await end(here, signedIn);
      const refused = [401, { message: 'unauthorised' }];
      expect(await ask(here, '/me', signedIn.accessToken)).toEqual(refused);
      expect(await ask(here, '/perhaps', signedIn.accessToken)).toEqual([200, { userId: 'nobody' }]);
      await waitUntil(async () => (await ask(there, '/me', signedIn.accessToken))[0] === 401);
      expect(await ask(there, '/me', signedIn.accessToken)).toEqual(refused);
      expect(await ask(there, '/perhaps', signedIn.accessToken)).toEqual([200, { userId: 'nobody' }]);
    },
  );

  test('leaves the session that is excepted, and one that begins within the same second', async () => {
    const [here, there] = replicas as [EmailPasswordApp, EmailPasswordApp];
    const { client, email, accessToken } = await signedUp(here);
    const thief = here.client();
    await thief.signIn(email, PASSWORD);
    await resetPassword(here.client(), await requestResetToken(here, email), 'new password 2');
    await client.signIn(email, 'new password 2');
    await waitUntil(async () => (await ask(there, '/me', accessToken))[0] === 401);
    for (const replica of replicas) {
      expect((await ask(replica, '/me', thief.tokens.accessToken!))[0]).toBe(401);
      expect((await ask(replica, '/me', client.tokens.accessToken!))[0]).toBe(200);
    }
  });

  test('is told to a health check', () => {
    for (const { app } of replicas) {
      const { state } = app.get(RevocationFeed, { strict: false });
      expect(state).toMatchObject({ status: 'CURRENT', heardAtMs: expect.any(Number) });
      expect(state.entries).toBeGreaterThan(0);
    }
  });
});
