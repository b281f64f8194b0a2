import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import { afterEach, describe, expect, it } from '@jest/globals';
import { getRequestFromUserContext, MultitenancyFunctions, Session, type GetTenantIdInput } from 'latchkey';
import type { AuthTestClient } from 'latchkey/testing';
import { startTenantsApp, type TenantsApp } from '../../support/tenants-app.js';

@Resolver()
class NotesResolver {
  @Query(() => String)
  @Session({ tenant: 'from-path' })
  tenant(@Session('tenantId') tenantId: string) {
    return tenantId;
  }
}

class ByHeader extends MultitenancyFunctions {
  override async getTenantId({ tenantIdFromFrontend, userContext }: GetTenantIdInput) {
    return getRequestFromUserContext(userContext)?.getHeaderValue('x-tenant') ?? tenantIdFromFrontend;
  }
}

describe("@Session({ tenant: 'from-path' }) on a resolver", () => {
  let app: TenantsApp;
  afterEach(() => app.app.close());

  const start = (path: string, functions?: typeof MultitenancyFunctions) =>
    startTenantsApp('Fastify', {
      multitenancy: { override: { functions } },
      imports: [GraphQLModule.forRoot({ driver: MercuriusDriver, path, autoSchemaFile: true })],
      providers: [NotesResolver],
    });
  const ask = async (client: AuthTestClient, path: string, headers: Record<string, string> = {}) => {
    const response = await client.post(path, { query: '{ tenant }' }, { headers });
    return (await response.json()) as { data?: object; errors?: { extensions: object }[] };
  };
  const refusedFor = (reason: object) => ({
    errors: [{ extensions: { code: 'FORBIDDEN', claimValidationErrors: [{ id: 'tenant', reason }] } }],
  });

  it('refuses what names no tenant, since nobody knows whose data is meant', async () => {
    app = await start('/graphql');
    for (const tenantId of ['acme', 'public']) {
      const { client } = await app.signedUp(tenantId);
      expect(await ask(client, '/graphql')).toMatchObject(refusedFor({ message: 'the request names no tenant' }));
    }
  });

  it('is told by getTenantId where it is overridden', async () => {
    app = await start('/graphql', ByHeader);
    const { client } = await app.signedUp('acme');
    expect(await ask(client, '/graphql', { 'x-tenant': 'acme' })).toEqual({ data: { tenant: 'acme' } });
    const wrong = { message: 'wrong value', actualValue: 'acme' };
    expect(await ask(client, '/graphql', { 'x-tenant': 'globex' })).toMatchObject(
      refusedFor({ ...wrong, expectedValue: 'globex' }),
    );
    expect(await ask(client, '/graphql')).toMatchObject(refusedFor({ ...wrong, expectedValue: 'public' }));
  });
});
