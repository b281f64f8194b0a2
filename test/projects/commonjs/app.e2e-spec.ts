import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { SessionContainer } from 'latchkey';
import { AuthTestClient, fakeSession } from 'latchkey/testing';
import { AppModule, MeController } from './app.module.js';

describe('an application in CommonJS', () => {
  let app: INestApplication;

  beforeAll(async () => {
    app = (await Test.createTestingModule({ imports: [AppModule] }).compile()).createNestApplication();
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  it('signs somebody up and serves the guarded route', async () => {
    const client = new AuthTestClient({ url: await app.getUrl() });
    expect((await client.get('/me')).status).toBe(401);
    expect(await (await client.signUp('ada@example.com', 'correct-horse-1')).json()).toMatchObject({ status: 'OK' });
    expect((await client.get('/me')).status).toBe(200);
  });

  it('has one set of classes for all sub-paths', () => {
    const session = fakeSession({ userId: 'ada' });
    expect(session).toBeInstanceOf(SessionContainer);
    expect(new MeController().me(session)).toEqual({ userId: 'ada' });
  });
});
