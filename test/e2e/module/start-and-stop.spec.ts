import { existsSync } from 'node:fs';
import { Controller, Get, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError, EmailPasswordApi, Session, SessionContainer, SessionFunctions } from 'latchkey';
import { loadSqlite } from '../../../lib/core/embedded/storage/sqlite/load-sqlite.js';
import { around, authModule, bootError, newEmail, PASSWORD, rootModule, startAuthApp } from '../../support/auth-app.js';
import { testCore } from '../../support/test-core.js';
import { frameworks, startApp } from '../../support/frameworks.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

@Controller('slow')
class SlowController implements BeforeApplicationShutdown {
  started!: () => void;
  readonly hasStarted = new Promise<void>((resolve) => (this.started = resolve));
  private release!: () => void;
  private readonly released = new Promise<void>((resolve) => (this.release = resolve));

  beforeApplicationShutdown(): void {
    // When the server no longer takes connections.
    setTimeout(this.release, 50);
  }

  @Get()
  @Session()
  async read(@Session() session: SessionContainer) {
    this.started();
    // Until the application is closing.
    await this.released;
    return session.getSessionDataFromDatabase();
  }
}

const core = () => ({ ...testCore, sqlite: folder.path('auth.sqlite') });

describe.each(frameworks)('Starting and stopping on %s', (framework) => {
  it('closes the database with the application: nothing of SQLite is left but the file', async () => {
    const auth = await startAuthApp(framework, { auth: { core: core() } });
    await auth.client().signUp(newEmail(), PASSWORD);

    await auth.app.close();

    expect(existsSync(folder.path('auth.sqlite'))).toBe(true);
    expect(existsSync(folder.path('auth.sqlite-wal'))).toBe(false);
    const { database } = (await loadSqlite())(folder.path('auth.sqlite'));
    database.exec('pragma locking_mode = EXCLUSIVE');
    database.exec('begin exclusive');
    expect(database.inTransaction).toBe(true);
    database.close();
  });

  it('finds its users again when it starts again', async () => {
    const email = newEmail();
    const first = await startAuthApp(framework, { auth: { core: core() } });
    const client = first.client();
    await client.signUp(email, PASSWORD);
    await first.app.close();

    const second = await startAuthApp(framework, { auth: { core: core() } });
    try {
      expect(await (await second.client().signIn(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
      const headers = { authorization: `Bearer ${client.tokens.refreshToken}` };
      expect((await second.client().fetch('/auth/session/refresh', { method: 'POST', headers })).status).toBe(200);
    } finally {
      await second.app.close();
    }
  });

  it('answers the requests that are under way before it closes the database', async () => {
    const auth = await startAuthApp(framework, { application: { controllers: [SlowController] } });
    const client = auth.client();
    await client.signUp(newEmail(), PASSWORD);

    const answer = client.get('/slow', { headers: { connection: 'close' } });
    await auth.app.get(SlowController).hasStarted;
    await auth.app.close();

    expect((await answer).status).toBe(200);
  });

  it('can be closed twice', async () => {
    const auth = await startAuthApp(framework);

    await auth.app.close();

    await expect(auth.app.close()).resolves.not.toThrow();
  });

  it('leaves no database open when the start fails', async () => {
    class Misspelt extends EmailPasswordApi {
      async signUpPost() {}
    }

    await bootError(() =>
      startAuthApp(framework, { emailPassword: { override: { apis: Misspelt } }, auth: { core: core() } }),
    );

    expect(existsSync(folder.path('auth.sqlite-wal'))).toBe(false);
  });

  it('tells what is wrong with the file', async () => {
    const error = await bootError(() =>
      startAuthApp(framework, { auth: { core: { ...testCore, sqlite: folder.path('missing/auth.sqlite') } } }),
    );

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/core\.sqlite: ".*missing\/auth\.sqlite" cannot be opened .* folder/);
  });
});

describe('AuthModule.forRoot given twice', () => {
  it('in one application stops the start', async () => {
    @Module({ imports: [authModule()] })
    class Feature {}

    const error = await bootError(() => startApp('Express', rootModule({ imports: [authModule(), Feature] })));

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toBe(
      'AuthModule.forRoot is called more than once in this application, so its routes would exist twice. ' +
        'Call it once, in the root module: it is global.',
    );
  });

  it('is fine where one and the same is imported in two modules', async () => {
    const shared = authModule();
    @Module({ imports: [shared] })
    class Feature {}
    const auth = around(await startApp('Express', rootModule({ imports: [shared, Feature] })));

    try {
      expect(auth.app.get(SessionFunctions, { strict: false })).toBeInstanceOf(SessionFunctions);
      expect((await auth.client().signUp(newEmail(), PASSWORD)).status).toBe(200);
    } finally {
      await auth.app.close();
    }
  });
});
