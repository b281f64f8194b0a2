import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PasswordHasher } from 'latchkey';
import { Argon2PasswordHasher } from '../../../lib/core/embedded/argon2-password-hasher.js';
import { newEmail, PASSWORD, type AuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';
import { openAppDatabase, type AppDatabase } from './app-database.js';
import { signUpOverrides, startSignUpApp } from './sign-up-overrides.js';

const SLOW_PASSWORD = 'slow-to-hash-1';

/** Takes as long over one password as the test wants. */
class HeldPasswordHasher extends PasswordHasher {
  private readonly hasher = new Argon2PasswordHasher({ memoryCostKiB: 64, timeCost: 1, parallelism: 1 });
  private readonly begun = new Gate();
  private readonly released = new Gate();

  async hash(password: string): Promise<string> {
    if (password === SLOW_PASSWORD) {
      this.begun.open();
      await this.released.opened;
    }
    return this.hasher.hash(password);
  }

  async verify(password: string, hash: string): Promise<boolean> {
    return this.hasher.verify(password, hash);
  }

  needsRehash(hash: string): boolean {
    return this.hasher.needsRehash(hash);
  }

  whenHashing(): Promise<void> {
    return this.begun.opened;
  }

  release(): void {
    this.released.open();
  }
}

class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

const cases = onFastify.flatMap((framework) =>
  signUpOverrides.map(([name, database, override]) => [name, database, framework, override] as const),
);

describe.each(cases)(
  'While a password is hashed in a transaction by %s, %s and %s',
  (_name, databaseName, framework, override) => {
    let database: AppDatabase;
    let auth: AuthApp;
    let hasher: HeldPasswordHasher;

    beforeEach(async () => {
      hasher = new HeldPasswordHasher();
      // One connection: anyone who holds it stops everybody else.
      database = await openAppDatabase(databaseName, 1);
      auth = await startSignUpApp(framework, database, {
        emailPassword: { override: { functions: override as never } },
        auth: { passwordHasher: { useFactory: () => hasher } },
      });
    });
    afterEach(async () => {
      hasher.release();
      await auth.app.close();
      await database.close();
    });

    it('others read and write, and it is committed after them', async () => {
      let isAnswered = false;
      const slow = auth.client().signUp('patient@example.com', SLOW_PASSWORD);
      void slow.then(() => (isAnswered = true));
      await hasher.whenHashing();

      const client = auth.client();
      const email = newEmail();
      expect(await (await client.signUp(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
      expect((await client.refresh()).status).toBe(200);
      expect((await client.signOut()).status).toBe(200);
      expect(isAnswered).toBe(false);
      const handle = email.split('@')[0];
      expect((await database.profiles()).map((profile) => profile.handle)).toEqual([handle]);

      hasher.release();
      expect(await (await slow).json()).toMatchObject({ status: 'OK' });
      expect((await database.profiles()).map((profile) => profile.handle)).toEqual(['patient', handle]);
    });
  },
);
