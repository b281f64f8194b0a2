import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DISABLED, EmailPasswordApi, type RouteSchema } from 'latchkey';
import { onExpress, onFastify } from '../../support/frameworks.js';
import { BadgesRecipe } from '../outside-recipe/badges/index.js';
import { startDocumentedApp } from './application.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

function operations({ paths }: OpenAPIObject): [string, Operation][] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

const ROUTES = {
  'GET /auth/.well-known/openid-configuration': 'sessionGetOpenIdDiscoveryConfiguration',
  'GET /auth/authorisationurl': 'thirdPartyAuthorisationUrl',
  'GET /auth/emailpassword/email/exists': 'emailPasswordEmailExists',
  'GET /auth/jwt/jwks.json': 'sessionGetJwks',
  'GET /auth/loginmethods': 'loginMethods',
  'GET /auth/user/email/verify': 'emailVerificationIsEmailVerified',
  'POST /auth/callback/apple': 'thirdPartyAppleRedirectHandler',
  'POST /auth/session/refresh': 'sessionRefresh',
  'POST /auth/signin': 'emailPasswordSignIn',
  'POST /auth/signinup': 'thirdPartySignInUp',
  'POST /auth/signout': 'sessionSignOut',
  'POST /auth/signup': 'emailPasswordSignUp',
  'POST /auth/user/email/verify': 'emailVerificationVerifyEmail',
  'POST /auth/user/email/verify/token': 'emailVerificationSendEmail',
  'POST /auth/user/password/reset': 'emailPasswordResetPassword',
  'POST /auth/user/password/reset/token': 'emailPasswordSendPasswordReset',
};

interface RequestBody {
  content: Record<string, { schema: RouteSchema }>;
}

function exampleOf({ example, enum: values, properties = {}, type, items }: RouteSchema): unknown {
  if (example !== undefined) return example;
  if (type === 'array') return [exampleOf(items!)];
  if (type !== 'object') return values?.[0] ?? 'text';
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, exampleOf(schema)]));
}

const NEEDED = [{ bearer: [] }, { cookie: [] }];

async function documentOf(options: Parameters<typeof startDocumentedApp>[1], [framework] = onFastify) {
  const { app, document } = await startDocumentedApp(framework!, options);
  await app.close();
  return document;
}

describe('A document of the API', () => {
  it('has every auth route once, described, with ids that stay', async () => {
    const all = operations(await documentOf({})).filter(([route]) => route.includes('/auth/'));

    expect(Object.fromEntries(all.map(([route, { operationId }]) => [route, operationId]))).toEqual(ROUTES);
    expect(all.filter(([, { summary, tags }]) => !summary || tags?.length !== 1)).toEqual([]);
    const done = all.filter(([, { responses }]) => Object.keys(responses).every((status) => status >= '400'));
    expect(done).toEqual([]);
    const withBody = all.filter(([, { requestBody }]) => requestBody !== undefined).map(([route]) => route);
    const withoutBody = ['session/refresh', 'signout', 'user/email/verify/token'].map((path) => `POST /auth/${path}`);
    const posts = Object.keys(ROUTES).filter((route) => route.startsWith('POST'));
    expect(withBody.sort()).toEqual(posts.filter((route) => !withoutBody.includes(route)));
  });

  it('has them at the paths of tenants as well, where it is to', async () => {
    const tenants = operations(await documentOf({ openApi: { tenantPaths: true } }, onExpress)).filter(([route]) =>
      route.includes('{tenantId}'),
    );

    expect(tenants.map(([route]) => route)).toEqual(
      expect.arrayContaining(['POST /auth/{tenantId}/signin', 'GET /auth/{tenantId}/loginmethods']),
    );
    const ids = tenants.map(([, { operationId }]) => operationId!);
    expect(ids.filter((id) => !id.endsWith('InTenant'))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(11);
  });

  it('has those of a recipe from elsewhere, as it describes them', async () => {
    const { paths } = await documentOf({ recipes: [BadgesRecipe.init({ colours: ['red', 'green'] })] });

    expect(paths['/auth/badge/{colour}']!.put).toMatchObject({
      operationId: 'badgesPaintBadge',
      summary: 'Paints the badge red or green',
      parameters: [{ in: 'path', name: 'colour', required: true }],
      security: NEEDED,
    });
    expect(paths['/auth/badge']!.delete!.operationId).toBe('badgesReturnBadge');
  });

  it('has no route that is disabled', async () => {
    class WithoutEmailExists extends EmailPasswordApi {
      override emailExistsGET = DISABLED;
    }
    const { paths } = await documentOf({ apis: WithoutEmailExists, openApi: { tenantPaths: true } });

    expect(Object.keys(paths).filter((path) => path.includes('exists'))).toEqual([]);
    expect(paths['/auth/signin']).toBeDefined();
  });

  it('says of each body what is required, without which the request is refused', async () => {
    const { app, url, document } = await startDocumentedApp('Express');
    const posts = operations(document).filter(([, { requestBody }]) => requestBody !== undefined);
    const bodies = posts.flatMap(([route, { requestBody }]) => {
      const [content] = Object.entries((requestBody as RequestBody).content).filter(([type]) => /json/.test(type));
      const schemas = content === undefined ? [] : (content[1].schema.oneOf ?? [content[1].schema]);
      return schemas.map((schema) => ({ path: route.slice('POST '.length), schema }));
    });
    expect(bodies.length).toBe(7);

    for (const { path, schema } of bodies) {
      const whole = exampleOf(schema) as Record<string, unknown>;
      for (const name of schema.required!) {
        const { [name]: _, ...others } = whole;
        const headers = { 'content-type': 'application/json' };
        const { status } = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(others) });
        expect({ path, name, status }).toEqual({ path, name, status: 400 });
      }
    }
    await app.close();
  });

  it('has none of them where the option says so', async () => {
    const document = await documentOf({ openApi: false });

    expect(Object.keys(document.paths).filter((path) => path.startsWith('/auth'))).toEqual([]);
    expect(document.paths['/notes/mine']?.get?.security).toBeUndefined();
  });

  it('says which routes a session opens', async () => {
    const { paths, components } = await documentOf({});
    const securityOf = (path: string) => paths[`/notes/${path}`]!.get!.security;

    expect(Object.keys(components!.securitySchemes!)).toEqual(['bearer', 'cookie']);
    expect(securityOf('mine')).toEqual(NEEDED);
    expect(securityOf('by-guard')).toEqual(NEEDED);
    expect(securityOf('of-anybody')).toEqual([...NEEDED, {}]);
    expect(securityOf('open')).toBeUndefined();
    expect(securityOf('not-marked')).toBeUndefined();
    expect(paths['/auth/user/email/verify/token']!.post!.security).toEqual(NEEDED);
    expect(paths['/auth/signin']!.post!.security).toBeUndefined();
  });

  it('says so of every route that a global guard guards', async () => {
    const openApi = { bearerScheme: 'token', cookieScheme: 'session' };
    const { paths } = await documentOf({ isGuarded: true, openApi });

    expect(paths['/notes/not-marked']!.get!.security).toEqual([{ token: [] }, { session: [] }]);
    expect(paths['/notes/open']!.get!.security).toBeUndefined();
  });
});
