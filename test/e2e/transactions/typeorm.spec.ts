import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuthDatabase } from 'latchkey';
import { AbstractLogger, DataSource, type EntityManager, type LogMessage } from 'typeorm';
import { startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { testServerUrl } from '../../support/postgres-server-url.js';
import { openAppDatabase, TypeormModule, type AppDatabase } from './app-database.js';
import { joinedEntityManager } from './joined-entity-manager.js';
import { Profile } from './with-typeorm.js';

class RecordedQueries extends AbstractLogger {
  readonly texts: string[] = [];

  protected writeLog(_level: unknown, messages: LogMessage | LogMessage[]): void {
    for (const message of [messages].flat()) {
      this.texts.push(String(typeof message === 'object' ? message.message : message));
    }
  }
}

const profile = (handle: string) => ({ userId: handle, handle });

describe('TypeORM in our transaction', () => {
  const queries = new RecordedQueries('all');
  let database: AppDatabase;
  let auth: AuthApp;
  let authDatabase: AuthDatabase;

  beforeAll(async () => {
    database = await openAppDatabase('PostgreSQL', 1);
    const imports = [TypeormModule.forRoot({ url: testServerUrl(), logger: queries })];
    auth = await startAuthApp('Express', { auth: { core: database.core, imports } });
    authDatabase = auth.app.get(AuthDatabase);
  });
  beforeEach(async () => {
    await inTransaction((manager) => manager.createQueryBuilder().delete().from(Profile).execute());
    queries.texts.length = 0;
  });
  afterAll(async () => {
    await auth?.app.close();
    await database.close();
  });

  const inTransaction = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> =>
    authDatabase.transaction(async () => work(await joinedEntityManager(authDatabase, auth.app.get(DataSource))));
  const handles = async () => (await database.profiles()).map(({ handle }) => handle);

  it('neither begins nor ends it', async () => {
    await inTransaction(async (manager) => {
      await manager.save(Profile, [profile('ada'), profile('grace')]);
      await manager.getRepository(Profile).update({ userId: 'ada' }, { handle: 'countess' });
      expect(await handles()).toEqual([]);
      expect(await manager.count(Profile)).toBe(2);
    });
    expect(await handles()).toEqual(['countess', 'grace']);
    expect(queries.texts.length).toBeGreaterThan(2);
    expect(queries.texts.join()).not.toMatch(/START TRANSACTION|COMMIT|ROLLBACK/);
  });

  it('has savepoints for transactions of its own, which may fail alone', async () => {
    await inTransaction(async (manager) => {
      await manager.save(Profile, profile('ada'));
      await manager.transaction((inner) => inner.save(Profile, profile('grace')));
      const failing = manager.transaction((inner) => inner.insert(Profile, [profile('joan'), profile('ada')]));
      await expect(failing).rejects.toThrow('duplicate key');
      await manager.save(Profile, profile('mary'));
    });
    expect(await handles()).toEqual(['ada', 'grace', 'mary']);
    const ends = queries.texts.filter((text) => /SAVEPOINT/.test(text));
    expect(ends).toEqual([
      'SAVEPOINT typeorm_1',
      'RELEASE SAVEPOINT typeorm_1',
      'SAVEPOINT typeorm_1',
      'ROLLBACK TO SAVEPOINT typeorm_1',
    ]);
    expect(queries.texts.join()).not.toMatch(/START TRANSACTION|COMMIT/);
  });

  it('loses everything when a statement fails outside of a savepoint, even where that is caught', async () => {
    const work = inTransaction(async (manager) => {
      await manager.save(Profile, profile('ada'));
      await manager.insert(Profile, profile('ada')).catch(() => undefined);
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await handles()).toEqual([]);
  });

  it('gives nothing back to the pool, even where its runner is released', async () => {
    await inTransaction(async (manager) => {
      await manager.save(Profile, profile('ada'));
      await manager.queryRunner!.release();
      const again = await joinedEntityManager(authDatabase, auth.app.get(DataSource));
      await again.save(Profile, profile('grace'));
      expect(await handles()).toEqual([]);
    });
    expect(await handles()).toEqual(['ada', 'grace']);
  });

  it('is refused when it comes after the end', async () => {
    const kept = await inTransaction(async (manager) => manager);
    await expect(kept.save(Profile, profile('late'))).rejects.toThrow('after its transaction had ended');
    // The only connection is free for others all the same.
    expect(await inTransaction((manager) => manager.count(Profile))).toBe(0);
    expect(await handles()).toEqual([]);
  });
});
