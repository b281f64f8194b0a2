import { Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, timingSafeEqual } from 'node:crypto';
import { PasswordHasher } from 'latchkey';
import { onExpress } from '../../support/frameworks.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { SqliteFile } from '../../support/sqlite-file.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse 1';

@Injectable()
class Pepper {
  readonly value = 'black';
}

@Module({ providers: [Pepper], exports: [Pepper] })
class PepperModule {}

/** A fast hash for the test; what matters is that it is the application's own, with a dependency. */
@Injectable()
class PepperedHasher extends PasswordHasher {
  hashed: string[] = [];
  verified: string[] = [];

  constructor(private readonly pepper: Pepper) {
    super();
  }

  async hash(password: string): Promise<string> {
    this.hashed.push(password);
    return this.digest(password);
  }

  async verify(password: string, hash: string): Promise<boolean> {
    this.verified.push(password);
    return timingSafeEqual(Buffer.from(this.digest(password)), Buffer.from(hash));
  }

  needsRehash(hash: string): boolean {
    return !hash.startsWith('own:');
  }

  private digest(password: string): string {
    return `own:${createHash('sha256').update(`${this.pepper.value}${password}`).digest('hex')}`;
  }
}

describe.each(onExpress)("The application's own password hasher, on %s", (framework) => {
  let folder: TemporaryFolder;
  let app: EmailPasswordApp;
  let hasher: PepperedHasher;
  let file: SqliteFile;

  beforeAll(async () => {
    folder = await temporaryFolder();
    file = new SqliteFile(folder.path('auth.sqlite'));
    app = await startEmailPasswordApp(framework, {
      core: { sqlite: file.path },
      auth: { imports: [PepperModule], passwordHasher: { useClass: PepperedHasher } },
    });
    hasher = app.app.get<unknown, PepperedHasher>(PasswordHasher as never);
    await app.client().signUp(EMAIL, PASSWORD);
  });
  beforeEach(() => {
    hasher.hashed = [];
    hasher.verified = [];
  });
  afterAll(async () => {
    await app.close();
    await folder.remove();
  });

  it('is made by Nest with its dependencies, and its hashes are stored', async () => {
    await app.client().signUp('grace@example.com', PASSWORD);
    expect(hasher).toBeInstanceOf(PepperedHasher);
    expect(hasher.hashed).toEqual([PASSWORD]);
    const stored = file.rows('select distinct password_hash from latchkey_password_credentials');
    expect(stored).toEqual([{ password_hash: `own:${createHash('sha256').update(`black${PASSWORD}`).digest('hex')}` }]);
  });

  it('verifies once for an unknown user as for a wrong password, and hashes for neither', async () => {
    await app.client().signIn(EMAIL, 'wrong horse 2');
    const forWrongPassword = hasher.verified.splice(0);
    await app.client().signIn('nobody@example.com', 'wrong horse 2');
    const forUnknownUser = hasher.verified.splice(0);

    expect(forWrongPassword).toEqual(['wrong horse 2']);
    expect(forUnknownUser).toEqual(forWrongPassword);
    expect(hasher.hashed).toEqual([]);
  });

  it('verifies the right password once and does not hash it again', async () => {
    expect(await (await app.client().signIn(EMAIL, PASSWORD)).json()).toMatchObject({ status: 'OK' });
    expect(hasher.verified).toEqual([PASSWORD]);
    expect(hasher.hashed).toEqual([]);
  });

  it('is not asked where fields are wrong or a token cannot be one', async () => {
    const client = app.client();
    await client.signUp('short@example.com', 'x');
    await client.signIn('no email', PASSWORD);
    const password = [{ id: 'password', value: 'brand new pass 1' }];
    await client.auth('user/password/reset', { method: 'token', token: 'x', formFields: password });
    expect([...hasher.hashed, ...hasher.verified]).toEqual([]);
  });

  it('rewrites a hash it calls outdated at the next sign-in', async () => {
    await app.client().signUp('old@example.com', PASSWORD);
    hasher.hashed = [];
    const needsRehash = hasher.needsRehash;
    hasher.needsRehash = () => true;
    try {
      expect(await (await app.client().signIn('old@example.com', PASSWORD)).json()).toMatchObject({ status: 'OK' });
    } finally {
      hasher.needsRehash = needsRehash;
    }
    expect(hasher.hashed).toEqual([PASSWORD]);
  });
});

describe.each(onExpress)('A password hasher that fails, on %s', (framework) => {
  @Injectable()
  class Failing extends PasswordHasher {
    private calls = 0;

    async hash(password: string): Promise<string> {
      // The first is for the comparison with unknown users, at boot.
      if (this.calls++ > 0) throw new Error(`cannot hash ${password}`);
      return 'none';
    }

    async verify(password: string): Promise<boolean> {
      throw new Error(`cannot verify ${password}`);
    }

    needsRehash(): boolean {
      return false;
    }
  }

  it('lets nobody in, writes nothing, and its error does not reach the client', async () => {
    const app = await startEmailPasswordApp(framework, { auth: { passwordHasher: Failing } });
    try {
      for (const response of [await app.client().signUp(EMAIL, PASSWORD), await app.client().signIn(EMAIL, PASSWORD)]) {
        expect(response.status).toBe(500);
        expect(await response.text()).not.toMatch(/cannot|correct horse/);
        expect(response.headers.get('st-access-token')).toBeNull();
      }
      const exists = await app.client().get(`/auth/emailpassword/email/exists?email=${EMAIL}`);
      expect(await exists.json()).toEqual({ status: 'OK', exists: false });
    } finally {
      await app.close();
    }
  });
});
