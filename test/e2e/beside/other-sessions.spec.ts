import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import { Controller, Get, HttpCode, Post, Req, type INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Session, SessionContainer } from 'latchkey';
import type { AuthTestClient } from 'latchkey/testing';
import type { RequestHandler } from 'express';
import { around, authModule, newEmail, PASSWORD, rootModule, type AuthApp } from '../../support/auth-app.js';
import { startApp, type Framework } from '../../support/frameworks.js';

const SECRET = 'of the application, and 32 characters long';

/** Express's libraries bring no types, and those that others have written add to every request of the repository. */
async function middleware(name: string): Promise<(options: object) => RequestHandler> {
  return ((await import(name)) as { default(options: object): RequestHandler }).default;
}

/** The basket of a shop, kept in the session of another library. */
@Controller('basket')
class BasketController {
  @Post()
  @HttpCode(200)
  add(@Req() { session }: { session: { items?: number } }) {
    session.items = (session.items ?? 0) + 1;
    return { items: session.items };
  }

  @Get('mine')
  mine(@Req() request: { session: { items?: number } }, @Session() session: SessionContainer) {
    const isTheirs = !(request.session instanceof SessionContainer);
    return { items: request.session.items, isTheirs, userId: session.getUserId() };
  }
}

type Library = [name: string, framework: Framework, configure: (app: INestApplication) => Promise<void>];

const libraries: Library[] = [
  [
    'express-session',
    'Express',
    async (app) => {
      const expressSession = await middleware('express-session');
      app.use(expressSession({ secret: SECRET, resave: false, saveUninitialized: true, name: 'basket' }));
    },
  ],
  [
    'cookie-session',
    'Express',
    async (app) => {
      const cookieSession = await middleware('cookie-session');
      app.use(cookieSession({ secret: SECRET, name: 'basket' }));
    },
  ],
  [
    '@fastify/session',
    'Fastify',
    async (app) => {
      const fastify = app as INestApplication & { register(plugin: unknown, options?: object): Promise<unknown> };
      await fastify.register(fastifyCookie);
      const options = { secret: SECRET, cookieName: 'basket', cookie: { secure: false } };
      await fastify.register(fastifySession, options);
    },
  ],
];

describe.each(libraries)('Beside %s, on %s', (_name, framework, configure) => {
  let app: AuthApp;
  beforeAll(async () => {
    const root = rootModule({ imports: [authModule()], controllers: [BasketController] });
    app = around(await startApp(framework, root, { configure }));
  });
  afterAll(() => app.app.close());

  it.each(['header', 'cookie'] as const)(
    'each keeps its own session, through sign-up, refresh and sign-out (%s)',
    async (transferMethod) => {
      const client: AuthTestClient = app.client({ transferMethod });
      const items = async () => ((await (await client.post('/basket', {})).json()) as { items: number }).items;
      expect(await items()).toBe(1);
      const signedUp = (await (await client.signUp(newEmail(), PASSWORD)).json()) as { user: { id: string } };
      expect(await items()).toBe(2);
      const mine = { items: 2, isTheirs: true, userId: signedUp.user.id };
      expect(await (await client.get('/basket/mine')).json()).toEqual(mine);
      expect((await client.refresh()).status).toBe(200);
      expect(await (await client.get('/basket/mine')).json()).toEqual(mine);
      await client.signOut();
      expect([(await client.get('/basket/mine')).status, await items()]).toEqual([401, 3]);
    },
  );
});
