import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { hash as argon2 } from '@node-rs/argon2';
import type { CoreOptions } from 'latchkey';
import { onExpress } from '../../support/frameworks.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { SqliteFile } from '../../support/sqlite-file.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

type PasswordHashing = Extract<CoreOptions, { sqlite: string }>['passwordHashing'];

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse 1';
const WRONG = { status: 'WRONG_CREDENTIALS_ERROR' };
const CHEAP = { memoryCostKiB: 64, timeCost: 1, parallelism: 1 };

describe.each(onExpress)('Stored passwords on %s', (framework) => {
  let folder: TemporaryFolder;
  let started: EmailPasswordApp | undefined;
  let file: SqliteFile;
  let files = 0;

  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => stop());
  afterAll(() => folder.remove());

  async function stop() {
    await started?.close();
    started = undefined;
  }

  /** The same file again and again within one test: a restart of the application. */
  async function restart(passwordHashing: PasswordHashing) {
    await stop();
    started = await startEmailPasswordApp(framework, {
      core: { sqlite: file.path, passwordHashing },
      // One account is signed in to by a dozen wrong passwords.
      auth: { attemptLimits: false },
    });
    return started.client();
  }

  async function start(passwordHashing: PasswordHashing) {
    file = new SqliteFile(folder.path(`${files++}.sqlite`));
    return restart(passwordHashing);
  }

  const storedHash = () => file.rows('select password_hash from latchkey_password_credentials')[0]!.password_hash;
  const store = (hash: string) => file.run('update latchkey_password_credentials set password_hash = ?', hash);

  it('are argon2id hashes with the parameters that OWASP recommends, unless told otherwise', async () => {
    const client = await start(undefined);
    await client.signUp(EMAIL, PASSWORD);
    expect(storedHash()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22,}\$[\w+/]{43,}$/);
    expect(file.tablesWith(PASSWORD)).toEqual([]);
    expect(await (await client.signIn(EMAIL, PASSWORD)).json()).toMatchObject({ status: 'OK' });
  });

  it('have the parameters configured', async () => {
    const client = await start({ memoryCostKiB: 128, timeCost: 3, parallelism: 2 });
    await client.signUp(EMAIL, PASSWORD);
    expect(storedHash()).toMatch(/^\$argon2id\$v=19\$m=128,t=3,p=2\$/);
  });

  it('are different for two users with one password', async () => {
    const client = await start(CHEAP);
    await client.signUp(EMAIL, PASSWORD);
    await client.signUp('grace@example.com', PASSWORD);
    const hashes = file.rows('select distinct password_hash from latchkey_password_credentials');
    expect(hashes).toHaveLength(2);
  });

  it('are hashed again at the next sign-in after the parameters have changed, and only then', async () => {
    await (await start(CHEAP)).signUp(EMAIL, PASSWORD);
    const first = storedHash();
    expect(await (await started!.client().signIn(EMAIL, PASSWORD)).json()).toMatchObject({ status: 'OK' });
    expect(storedHash()).toBe(first);

    const client = await restart({ ...CHEAP, timeCost: 2 });
    expect(await (await client.signIn(EMAIL, 'wrong horse 2')).json()).toEqual(WRONG);
    expect(storedHash()).toBe(first);
    expect(await (await client.signIn(EMAIL, PASSWORD)).json()).toMatchObject({ status: 'OK' });
    expect(storedHash()).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$/);
    expect(await (await client.signIn(EMAIL, PASSWORD)).json()).toMatchObject({ status: 'OK' });
    expect(await (await client.signIn(EMAIL, 'wrong horse 2')).json()).toEqual(WRONG);
  });

  it('survive twenty sign-ins at once that all find an old hash', async () => {
    await (await start(CHEAP)).signUp(EMAIL, PASSWORD);
    const client = await restart({ ...CHEAP, timeCost: 2 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.signIn(EMAIL, PASSWORD)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await (await client.signIn(EMAIL, PASSWORD)).json()).toMatchObject({ status: 'OK' });
    expect(storedHash()).toMatch(/t=2/);
  });

  it('that came as bcrypt hashes of any of its forms work, and become argon2id', async () => {
    const client = await start(CHEAP);
    await client.signUp(EMAIL, 'something else 9');
    for (const prefix of ['$2a$', '$2b$', '$2y$']) {
      const imported = prefix + (await bcrypt('moved house 1', { cost: 4 })).slice(4);
      store(imported);
      expect(await (await client.signIn(EMAIL, 'something else 9')).json()).toEqual(WRONG);
      expect(storedHash()).toBe(imported);
      expect(await (await client.signIn(EMAIL, 'moved house 1')).json()).toMatchObject({ status: 'OK' });
      expect(storedHash()).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
      expect(await (await client.signIn(EMAIL, 'moved house 1')).json()).toMatchObject({ status: 'OK' });
    }
  });

  it('that came as argon2i hashes work, and become argon2id', async () => {
    const client = await start(CHEAP);
    await client.signUp(EMAIL, 'something else 9');
    store(await argon2('moved house 1', { algorithm: 1, memoryCost: 64, timeCost: 1 }));
    expect(await (await client.signIn(EMAIL, 'moved house 1')).json()).toMatchObject({ status: 'OK' });
    expect(storedHash()).toMatch(/^\$argon2id\$/);
  });

  it('that are not hashes let nobody in', async () => {
    const client = await start(CHEAP);
    await client.signUp(EMAIL, PASSWORD);
    const truncated = '$argon2id$v=19$m=64,t=1,p=1$c2FsdA$aGFzaA';
    for (const stored of ['', 'plain text 1', '$argon2id$', '$2b$10$', '{SSHA}nonsense', truncated]) {
      store(stored);
      for (const password of [PASSWORD, stored === '' ? 'x' : stored]) {
        const response = await client.signIn(EMAIL, password);
        expect([response.status, await response.json()]).toEqual([200, WRONG]);
      }
      expect(storedHash()).toBe(stored);
    }
  });
});
