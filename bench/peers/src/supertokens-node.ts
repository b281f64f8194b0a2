import {
  Injectable,
  Module,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type MiddlewareConsumer,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertokens from 'supertokens-node';
import { middleware } from 'supertokens-node/framework/express/index.js';
import { plugin } from 'supertokens-node/framework/fastify/index.js';
import EmailPassword from 'supertokens-node/recipe/emailpassword/index.js';
import Session from 'supertokens-node/recipe/session/index.js';
import { verifySession as verifyOnExpress } from 'supertokens-node/recipe/session/framework/express/index.js';
import { verifySession as verifyOnFastify } from 'supertokens-node/recipe/session/framework/fastify/index.js';
import type { Framework, Peer } from './peer.js';

const origin = 'http://localhost:3000';

@Injectable()
class ExpressGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    let refused: unknown;
    await verifyOnExpress()(http.getRequest(), http.getResponse(), (error) => (refused = error));
    if (refused) throw refused;
    return true;
  }
}

@Injectable()
class FastifyGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    await verifyOnFastify()(http.getRequest(), http.getResponse());
    return true;
  }
}

@Module({})
class ExpressModule {
  configure(consumer: MiddlewareConsumer) {
    consumer.apply(middleware()).forRoutes('*path');
  }
}

export function supertokensNode(framework: Framework): Peer {
  const onExpress = framework === 'Express';
  supertokens.init({
    telemetry: false,
    framework: onExpress ? 'express' : 'fastify',
    supertokens: { connectionURI: process.env.CORE_URL! },
    appInfo: { appName: 'Bench', apiDomain: origin, websiteDomain: origin },
    recipeList: [EmailPassword.init(), Session.init()],
  });
  return {
    imports: onExpress ? [ExpressModule] : [],
    guard: UseGuards(onExpress ? ExpressGuard : FastifyGuard),
    prepare: (app) => onExpress || (app as NestFastifyApplication).register(plugin as never),
    async signUp() {
      const signedUp = await EmailPassword.signUp('public', `${process.pid}@example.com`, 'bench-1234');
      if (signedUp.status !== 'OK') throw new Error(signedUp.status);
      const session = await Session.createNewSessionWithoutRequestResponse('public', signedUp.recipeUserId);
      const token = session.getAccessToken();
      return { header: { authorization: `Bearer ${token}` }, cookie: { cookie: `sAccessToken=${token}` } };
    },
  };
}
