import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  Injectable,
  Post,
  UnprocessableEntityException,
  type ArgumentMetadata,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { map, tap } from 'rxjs';
import { DISABLED, EmailPasswordApi, isAuthRoute } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { frameworks } from '../../support/frameworks.js';

interface SomeResponse {
  setHeader?(key: string, value: string): void;
  header?(key: string, value: string): void;
}

@Injectable()
class BlockGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    if (headers['x-blocked']) throw new ForbiddenException('blocked');
    return true;
  }
}

/** Like a logger or a cache: it acts when the handler is done. */
@Injectable()
class HeaderAfterwards implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const response = context.switchToHttp().getResponse<SomeResponse>();
    const name = `${context.getClass().name}.${context.getHandler().name}`;
    return next
      .handle()
      .pipe(
        tap(() =>
          response.header === undefined ? response.setHeader!('x-handler', name) : response.header('x-handler', name),
        ),
      );
  }
}

@Injectable()
class Stamp implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((body: object) => ({ ...body, stamped: true })));
  }
}

/** As an application has it whose clients want every answer in one form. */
@Injectable()
class Envelope implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    return isAuthRoute(context) ? next.handle() : next.handle().pipe(map((data: object) => ({ data })));
  }
}

class WithoutEmailExists extends EmailPasswordApi {
  override emailExistsGET = DISABLED;
}

/** As `ValidationPipe` with `whitelist` and `forbidNonWhitelisted`: what has no declared type is left alone. */
@Injectable()
class RejectUnknown implements PipeTransform {
  transform(value: unknown, { metatype, type }: ArgumentMetadata) {
    const isPlain = [undefined, Object, String, Number, Boolean, Array].includes(metatype as never);
    if (type === 'custom' || isPlain) return value;
    const known = Object.keys(new metatype!() as object);
    const unknown = Object.keys(value as object).find((key) => !known.includes(key));
    if (unknown !== undefined) throw new UnprocessableEntityException(`property ${unknown} should not exist`);
    return Object.assign(new metatype!() as object, value);
  }
}

class Note {
  text = '';
}

@Controller('auth/emailpassword/email/exists')
class OwnEmailExistsController {
  @Get()
  exists() {
    return { own: true };
  }
}

@Controller('application')
class ApplicationController {
  @Get()
  read() {
    return { own: true };
  }

  @Post()
  write(@Body() note: Note) {
    return { isNote: note instanceof Note, text: note.text };
  }
}

const registrations: [string, { configure?: (app: INestApplication) => void; providers?: object[] }][] = [
  [
    'by useGlobal…',
    {
      configure: (app) =>
        void app
          .useGlobalGuards(new BlockGuard())
          .useGlobalInterceptors(new HeaderAfterwards(), new Stamp())
          .useGlobalPipes(new RejectUnknown()),
    },
  ],
  [
    'by APP_…',
    {
      providers: [
        { provide: APP_GUARD, useClass: BlockGuard },
        { provide: APP_INTERCEPTOR, useClass: HeaderAfterwards },
        { provide: APP_INTERCEPTOR, useClass: Stamp },
        { provide: APP_PIPE, useClass: RejectUnknown },
      ],
    },
  ],
];

describe.each(frameworks)('What the application registers globally on %s', (framework) => {
  describe.each(registrations)('%s', (_how, { configure, providers = [] }) => {
    let auth: AuthApp;

    beforeAll(async () => {
      auth = await startAuthApp(framework, {
        configure,
        application: { controllers: [ApplicationController], providers: providers as never },
      });
    });
    afterAll(() => auth.app.close());

    it('guards see auth routes and can refuse them', async () => {
      const email = newEmail();
      const body = formFields({ email, password: PASSWORD });

      const response = await auth.client().post('/auth/signup', body, { headers: { 'x-blocked': '1' } });

      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ message: 'blocked' });
      expect(response.headers.get('front-token')).toBeNull();
      const exists = await auth.client().get(`/auth/emailpassword/email/exists?email=${email}`);
      expect(await exists.json()).toMatchObject({ exists: false });
    });

    it('interceptors set headers after the handler and map its answer, and tokens are not lost', async () => {
      const client = auth.client({ transferMethod: 'cookie' });

      const response = await client.signUp(newEmail(), PASSWORD);

      expect(await response.json()).toMatchObject({ status: 'OK', stamped: true });
      expect(response.headers.get('x-handler')).toBe('EmailPasswordController.signUpPOST');
      expect(client.cookies.get('sAccessToken')).toMatch(/^ey/);
    });

    it('pipes that reject what is unknown do not disturb auth routes, and work on those of the application', async () => {
      const signUp = await auth.client().signUp(newEmail(), PASSWORD);
      const note = await auth.client().post('/application', { text: 'a' });
      const wrong = await auth.client().post('/application', { text: 'a', admin: true });

      expect(signUp.status).toBe(200);
      expect(await note.json()).toMatchObject({ isNote: true, text: 'a' });
      expect(wrong.status).toBe(422);
    });

    it('routes of the application pass through them as always', async () => {
      const response = await auth.client().get('/application');

      expect(await response.json()).toEqual({ own: true, stamped: true });
      expect(response.headers.get('x-handler')).toBe('ApplicationController.read');
    });
  });
});

describe.each(frameworks)('An interceptor that wraps answers on %s', (framework) => {
  it('leaves out auth routes by isAuthRoute, and no others', async () => {
    const auth = await startAuthApp(framework, {
      emailPassword: { override: { apis: WithoutEmailExists } },
      application: {
        controllers: [ApplicationController, OwnEmailExistsController],
        providers: [{ provide: APP_INTERCEPTOR, useClass: Envelope }],
      },
    });
    try {
      const client = auth.client();
      expect(await (await client.signUp(newEmail(), PASSWORD)).json()).toMatchObject({ status: 'OK' });
      expect(await (await client.get('/auth/jwt/jwks.json')).json()).toMatchObject({ keys: expect.any(Array) });
      expect(await (await client.get('/application')).json()).toEqual({ data: { own: true } });
      // The application's own route, instead of the disabled one.
      expect(await (await client.get('/auth/emailpassword/email/exists')).json()).toEqual({ data: { own: true } });
    } finally {
      await auth.app.close();
    }
  });
});
