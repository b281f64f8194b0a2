import { Body, Controller, HttpCode, Injectable, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthDatabase, EmailPasswordFunctions, PublicAccess, Users } from 'latchkey';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { onFastify } from '../../support/frameworks.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { databases, openAppDatabase, type AppDatabase } from './app-database.js';
import type { AppTables } from './with-kysely.js';

/** A service of the application that knows nothing of recipes. */
@Injectable()
class Profiles {
  constructor(private readonly database: AuthDatabase) {}

  create(user_id: string, handle: string): Promise<void> {
    return this.database.transaction(async () => {
      const db = await this.database.current<AppTables>();
      await db.insertInto('profiles').values({ user_id, handle }).execute();
    });
  }
}

interface Invitation {
  email: string;
  handles: string[];
}

@Controller('invitations')
@PublicAccess()
class InvitationsController {
  constructor(
    private readonly database: AuthDatabase,
    private readonly emailPassword: EmailPasswordFunctions,
    private readonly users: Users,
    private readonly profiles: Profiles,
  ) {}

  /** A user with a profile for every handle. */
  @Post()
  @HttpCode(200)
  invite(@Body() { email, handles }: Invitation) {
    return this.database.transaction(async () => {
      const userId = await this.newUser(email);
      for (const [at, handle] of handles.entries()) await this.profiles.create(`${userId} ${at}`, handle);
      return { userId };
    });
  }

  /** Takes a failed profile lightly. */
  @Post('leniently')
  @HttpCode(200)
  inviteLeniently(@Body() { email, handles }: Invitation) {
    return this.database.transaction(async () => {
      const userId = await this.newUser(email);
      await this.profiles.create(userId, handles[0]!).catch(() => undefined);
      return { userId };
    });
  }

  /** Lets a profile be written whenever. */
  @Post('hastily')
  @HttpCode(200)
  async inviteHastily(@Body() { email, handles }: Invitation) {
    let late: Promise<void> | undefined;
    const userId = await this.database.transaction(async () => {
      const userId = await this.newUser(email);
      late = new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() =>
        this.profiles.create(userId, handles[0]!),
      );
      return userId;
    });
    return { userId, profile: await late!.then(String, (error: Error) => error.message) };
  }

  @Post('withdrawn')
  @HttpCode(200)
  withdraw(@Body() { userId, fail }: { userId: string; fail: boolean }) {
    return this.database.transaction(async () => {
      const db = await this.database.current<AppTables>();
      await db.deleteFrom('profiles').where('user_id', 'like', `${userId}%`).execute();
      await this.users.deleteUser(userId);
      if (fail) throw new Error('on purpose');
      return {};
    });
  }

  private async newUser(email: string): Promise<string> {
    const result = await this.emailPassword.signUp({ email, password: PASSWORD });
    if (result.status !== 'OK') throw new Error(result.status);
    return result.user.id;
  }
}

const cases = databases.flatMap((database) => onFastify.map((framework) => [database, framework] as const));

describe.each(cases)('A transaction of application code on %s and %s', (databaseName, framework) => {
  const log = new RecordedLog();
  let database: AppDatabase;
  let auth: AuthApp;

  beforeAll(async () => {
    database = await openAppDatabase(databaseName);
    const application = { controllers: [InvitationsController], providers: [Profiles] };
    auth = await startAuthApp(framework, { auth: { core: database.core }, application, logger: log });
  });
  afterAll(async () => {
    await auth?.app.close();
    await database.close();
  });

  const post = async (path: string, body: object): Promise<{ status: number; body: Record<string, string> }> => {
    const response = await auth.client().post(path, body);
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const handles = async () => (await database.profiles()).map(({ handle }) => handle);

  it('takes in what functions of recipes and services of the application write', async () => {
    const email = newEmail();
    const { status } = await post('/invitations', { email, handles: ['ada', 'countess'] });
    expect(status).toBe(200);
    expect(await handles()).toEqual(['ada', 'countess']);
    expect(await (await auth.client().signIn(email, PASSWORD)).json()).toMatchObject({ status: 'OK' });
  });

  it('is rolled back as a whole when one of its services fails', async () => {
    const before = await database.contents();
    expect((await post('/invitations', { email: newEmail(), handles: ['new', 'ada'] })).status).toBe(500);
    expect(await database.contents()).toEqual(before);
  });

  it('is rolled back even where the error of a transaction inside it is caught', async () => {
    const before = await database.contents();
    log.lines.length = 0;
    expect((await post('/invitations/leniently', { email: newEmail(), handles: ['ada'] })).status).toBe(500);
    expect(await database.contents()).toEqual(before);
    expect(log.errors().join()).toContain('Let that error through');
  });

  it('refuses what nobody waited for', async () => {
    const { body } = await post('/invitations/hastily', { email: newEmail(), handles: ['late'] });
    expect(body.profile).toContain('Await every call inside transaction()');
    expect(await handles()).not.toContain('late');
  });

  it('takes in the deletion of a user', async () => {
    const email = newEmail();
    const { userId } = (await post('/invitations', { email, handles: ['shortly'] })).body;
    const before = await database.contents();

    expect((await post('/invitations/withdrawn', { userId, fail: true })).status).toBe(500);
    expect(await database.contents()).toEqual(before);

    expect((await post('/invitations/withdrawn', { userId, fail: false })).status).toBe(200);
    expect(await handles()).not.toContain('shortly');
    expect(JSON.stringify(await database.contents())).not.toContain(email);
  });

  it('is not needed to read the application’s tables', async () => {
    const authDatabase = auth.app.get(AuthDatabase);
    const db = await authDatabase.current<AppTables>();
    expect(await db.selectFrom('profiles').select('handle').execute()).toContainEqual({ handle: 'ada' });
  });

  it('is needed for the driver’s own handle, and the error says so', async () => {
    const authDatabase = auth.app.get(AuthDatabase);
    const [itsHandle, otherHandle] =
      databaseName === 'SQLite'
        ? ([() => authDatabase.sqliteDatabase(), () => authDatabase.postgresClient()] as const)
        : ([() => authDatabase.postgresClient(), () => authDatabase.sqliteDatabase()] as const);
    await expect(itsHandle()).rejects.toThrow('Call it inside transaction()');
    await expect(authDatabase.transaction(async () => otherHandle())).rejects.toThrow('Use current()');
    expect(await authDatabase.transaction(async () => typeof (await itsHandle()))).toBe('object');
  });
});
