import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpCode,
  Injectable,
  Post,
  UseGuards,
  UsePipes,
  type CanActivate,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DISABLED, EmailPasswordApi, SessionApi, type SignUpPOSTInput } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { frameworks } from '../../support/frameworks.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp } from '../../support/auth-app.js';

class NoEmailPassword extends EmailPasswordApi {
  override emailExistsGET = DISABLED;
  override generatePasswordResetTokenPOST = DISABLED;
  override passwordResetPOST = DISABLED;
  override signInPOST = DISABLED;
  override signUpPOST = DISABLED;
}

class NoSession extends SessionApi {
  override refreshPOST = DISABLED;
  override signOutPOST = DISABLED;
  override getJWKSGET = DISABLED;
  override getOpenIdDiscoveryConfigurationGET = DISABLED;
}

const routes = [
  ['GET', '/auth/emailpassword/email/exists?email=a@example.com'],
  ['GET', '/auth/signup/email/exists?email=a@example.com'],
  ['GET', '/auth/public/emailpassword/email/exists?email=a@example.com'],
  ['POST', '/auth/user/password/reset/token'],
  ['POST', '/auth/user/password/reset'],
  ['POST', '/auth/signin'],
  ['POST', '/auth/public/signin'],
  ['POST', '/auth/signup'],
  ['POST', '/auth/session/refresh'],
  ['POST', '/auth/signout'],
  ['GET', '/auth/jwt/jwks.json'],
  ['GET', '/auth/.well-known/openid-configuration'],
] as const;

@Injectable()
class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    if (headers['x-key'] === 'open') return true;
    throw new ForbiddenException('no key');
  }
}

@Injectable()
class UpperCase implements PipeTransform {
  transform(value: { name?: string }) {
    return { ...value, name: value.name?.toUpperCase() };
  }
}

/** The application's own routes at the very same paths. */
@Controller('auth')
class OwnAuthController {
  @Post('signup')
  @HttpCode(202)
  @UseGuards(KeyGuard)
  @UsePipes(UpperCase)
  signUp(@Body() body: { name?: string }) {
    return { own: 'signup', name: body.name };
  }

  @Get('jwt/jwks.json')
  keys() {
    return { own: 'keys' };
  }
}

describe.each(frameworks)('Disabled APIs on %s', (framework) => {
  describe('without routes of the application', () => {
    let auth: AuthApp;

    beforeAll(async () => {
      auth = await startAuthApp(framework, {
        session: { override: { apis: NoSession } },
        emailPassword: { override: { apis: NoEmailPassword } },
      });
    });
    afterAll(() => auth.app.close());

    it.each(routes)('%s %s is a 404', async (method, path) => {
      const body =
        method === 'POST' ? JSON.stringify(formFields({ email: newEmail(), password: PASSWORD })) : undefined;
      const response = await auth.client().fetch(path, {
        method,
        body,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
      });

      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ statusCode: 404 });
    });
  });

  describe('with routes of the application at their paths', () => {
    let auth: AuthApp;

    beforeAll(async () => {
      auth = await startAuthApp(framework, {
        session: { override: { apis: NoSession } },
        emailPassword: { override: { apis: NoEmailPassword } },
        application: { controllers: [OwnAuthController] },
      });
    });
    afterAll(() => auth.app.close());

    it('the application answers, with its own status, guard and pipe', async () => {
      const response = await auth.client().post('/auth/signup', { name: 'ada' }, { headers: { 'x-key': 'open' } });

      expect(response.status).toBe(202);
      expect(await response.json()).toEqual({ own: 'signup', name: 'ADA' });
    });

    it("the application's guard can refuse", async () => {
      const response = await auth.client().post('/auth/signup', { name: 'ada' });

      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ message: 'no key' });
    });

    it('GET routes reach the application too', async () => {
      expect(await (await auth.client().get('/auth/jwt/jwks.json')).json()).toEqual({ own: 'keys' });
    });
  });

  it('one disabled API leaves the others as they were', async () => {
    class NoSignUp extends EmailPasswordApi {
      override signUpPOST = DISABLED;
    }
    const auth = await startAuthApp(framework, { emailPassword: { override: { apis: NoSignUp } } });

    try {
      expect((await auth.client().signUp(newEmail(), PASSWORD)).status).toBe(404);
      const signIn = await auth.client().signIn(newEmail(), PASSWORD);
      expect(await signIn.json()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    } finally {
      await auth.app.close();
    }
  });

  it('a further subclass can bring a disabled API back', async () => {
    class NoSignUp extends EmailPasswordApi {
      override signUpPOST: EmailPasswordApi['signUpPOST'] = DISABLED;
    }
    class OwnSignUp extends NoSignUp {
      override signUpPOST = async (input: SignUpPOSTInput) => {
        input.options.res.sendJSONResponse({ back: true });
        return { status: 'GENERAL_ERROR', message: '' } as const;
      };
    }
    const auth = await startAuthApp(framework, { emailPassword: { override: { apis: OwnSignUp } } });

    try {
      expect(await (await auth.client().signUp(newEmail(), PASSWORD)).json()).toEqual({ back: true });
    } finally {
      await auth.app.close();
    }
  });

  it('stays disabled where a request-scoped guard of the application makes Nest build controllers late', async () => {
    const { APP_GUARD } = await import('@nestjs/core');
    const { Scope } = await import('@nestjs/common');
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest implements CanActivate {
      canActivate() {
        return true;
      }
    }
    const auth = await startAuthApp(framework, {
      session: { override: { apis: NoSession } },
      emailPassword: { override: { apis: NoEmailPassword } },
      application: {
        controllers: [OwnAuthController],
        providers: [{ provide: APP_GUARD, useClass: PerRequest }],
      },
    });

    try {
      expect((await auth.client().signIn(newEmail(), PASSWORD)).status).toBe(404);
      expect(await (await auth.client().get('/auth/jwt/jwks.json')).json()).toEqual({ own: 'keys' });
    } finally {
      await auth.app.close();
    }
  });

  it('counts also when a mixin or a factory disables', async () => {
    const auth = await startAuthApp(framework, {
      emailPassword: {
        override: {
          apis: [
            (Base) => {
              class NoSignIn extends Base {
                override signInPOST = DISABLED;
              }
              return NoSignIn;
            },
          ],
        },
      },
      session: { override: { apis: { useFactory: () => new NoSession() } } },
    });

    try {
      expect((await auth.client().signIn(newEmail(), PASSWORD)).status).toBe(404);
      expect((await auth.client().signOut()).status).toBe(404);
      expect((await auth.client().signUp(newEmail(), PASSWORD)).status).toBe(200);
    } finally {
      await auth.app.close();
    }
  });
});
