import { Controller, Get, Headers } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PublicAccess, Session, type SessionContainer } from 'latchkey';
import type { AuthTestClient } from 'latchkey/testing';
import { frameworks } from '../../support/frameworks.js';
import { startTenantsApp, type TenantsApp } from '../../support/tenants-app.js';

@Controller(':tenantId/invoices')
@Session({ tenant: 'from-path' })
class InvoicesController {
  @Get()
  list(@Session('tenantId') tenantId: string) {
    return { tenantId };
  }

  @Get('added')
  @Session({ overrideGlobalClaimValidators: () => [] })
  added(@Session() session: SessionContainer) {
    return { tenantId: session.getTenantId() };
  }

  @Get('dropped')
  @Session({ dropOuterClaimValidators: true })
  dropped(@Session('tenantId') tenantId: string) {
    return { tenantId };
  }

  @Get('open')
  @PublicAccess()
  open(@Headers('host') host: string) {
    return { host };
  }
}

@Controller('reports/:tenantId')
class ReportsController {
  @Get()
  read(@Session({ tenant: 'from-path' }) session: SessionContainer) {
    return { tenantId: session.getTenantId() };
  }
}

describe.each(frameworks)("@Session({ tenant: 'from-path' }) on %s", (framework) => {
  let app: TenantsApp;
  let acme: AuthTestClient;
  let inPublic: AuthTestClient;

  beforeAll(async () => {
    app = await startTenantsApp(framework, { controllers: [InvoicesController, ReportsController] });
    ({ client: acme } = await app.signedUp('acme'));
    ({ client: inPublic } = await app.signedUp('public'));
  });
  afterAll(() => app.app.close());

  const get = async (client: AuthTestClient, path: string) => {
    const response = await client.get(path);
    return [response.status, await response.json().catch(() => undefined)];
  };
  const refused = (reason: object) => [
    403,
    expect.objectContaining({ message: 'invalid claim', claimValidationErrors: [{ id: 'tenant', reason }] }),
  ];

  it('takes sessions of the tenant in the path, whatever its case', async () => {
    for (const path of ['/acme/invoices', '/ACME/invoices', '/acme/invoices/added', '/reports/acme']) {
      expect(await get(acme, path)).toEqual([200, { tenantId: 'acme' }]);
    }
    expect(await get(inPublic, '/public/invoices')).toEqual([200, { tenantId: 'public' }]);
  });

  it('refuses sessions of other tenants, and says so', async () => {
    const wrong = refused({ message: 'wrong value', expectedValue: 'globex', actualValue: 'acme' });
    for (const path of ['/globex/invoices', '/globex/invoices/added', '/reports/globex']) {
      expect(await get(acme, path)).toEqual(wrong);
    }
    expect((await get(acme, '/public/invoices'))[0]).toBe(403);
    expect((await get(inPublic, '/acme/invoices'))[0]).toBe(403);
    // A tenant that is not there has no sessions.
    expect((await get(acme, '/nowhere/invoices'))[0]).toBe(403);
    expect((await get(app.client(), '/acme/invoices'))[0]).toBe(401);
  });

  it('is what a class asks for, unless a method says that it drops it or is open', async () => {
    expect(await get(acme, '/globex/invoices/dropped')).toEqual([200, { tenantId: 'acme' }]);
    expect((await get(app.client(), '/globex/invoices/open'))[0]).toBe(200);
  });

  it.each([
    ['a way up', '..%2facme'],
    ['another tenant behind a slash', 'globex%2f..%2facme'],
    ['a null byte', 'acme%00'],
    ['a space', 'acme%20'],
    ['a letter that looks alike', '%D0%B0cme'],
    ['a wide letter', '%EF%BD%81cme'],
    ['two tenants', 'globex,acme'],
    ['a long one', 'acme'.repeat(500)],
    ['a property of objects', '__proto__'],
  ])('refuses %s, and does not repeat it', async (_what, tenant) => {
    const response = await acme.get(`/${tenant}/invoices`);
    expect([403, 404, 414]).toContain(response.status);
    if (response.status !== 403) return;
    const { claimValidationErrors } = (await response.json()) as { claimValidationErrors: object[] };
    expect(claimValidationErrors).toEqual([{ id: 'tenant', reason: { message: 'wrong value', actualValue: 'acme' } }]);
  });

  it('lets nobody in once the tenant is gone', async () => {
    await app.tenants.createOrUpdateTenant({ tenantId: 'gone', config: { firstFactors: null } });
    const { client, email } = await app.signedUp('gone');
    expect((await get(client, '/gone/invoices'))[0]).toBe(200);
    await app.tenants.deleteTenant({ tenantId: 'gone' });
    expect((await get(client, '/gone/invoices'))[0]).toBe(401);
    expect((await client.refresh()).status).toBe(401);
    await app.tenants.createOrUpdateTenant({ tenantId: 'gone', config: { firstFactors: null } });
    expect((await get(client, '/gone/invoices'))[0]).toBe(401);
    expect(await (await app.client().get(`/auth/gone/emailpassword/email/exists?email=${email}`)).json()).toEqual({
      status: 'OK',
      exists: false,
    });
  });
});
