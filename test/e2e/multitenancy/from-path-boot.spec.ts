import { Controller, Get, Module, type Type } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { MultitenancyFunctions, MultitenancyRecipe, PublicAccess, Session, SessionRecipe, type Recipe } from 'latchkey';
import { authModule, bootError, rootModule } from '../../support/auth-app.js';
import { onExpress, startApp, type StartOptions } from '../../support/frameworks.js';

class BySubdomain extends MultitenancyFunctions {
  override async getTenantId() {
    return 'acme';
  }
}

function guarded(base: string, path: string | string[] = '', options: object = { tenant: 'from-path' }): Type {
  @Controller(base)
  @Session(options)
  class InvoicesController {
    @Get(path)
    list() {}

    @Get('open')
    @PublicAccess()
    open() {}
  }
  return InvoicesController;
}

describe.each(onExpress)("@Session({ tenant: 'from-path' }) at boot on %s", (framework) => {
  interface Booting extends StartOptions {
    recipe?: Recipe;
    modulePath?: string;
  }
  const boot = (controller: Type, { recipe = MultitenancyRecipe.init(), modulePath, ...start }: Booting = {}) => {
    @Module({ controllers: [controller] })
    class InvoicesModule {}
    const routed =
      modulePath === undefined ? [] : [RouterModule.register([{ path: modulePath, module: InvoicesModule }])];
    const auth = authModule({ auth: { recipeList: [SessionRecipe.init(), recipe] } });
    return startApp(framework, rootModule({ imports: [auth, InvoicesModule, ...routed] }), start);
  };
  const mistake = async (...input: Parameters<typeof boot>) => (await bootError(() => boot(...input))).message;

  it('needs a tenant in every path of a route, and names the route', async () => {
    expect(await mistake(guarded('invoices'))).toBe(
      "InvoicesController.list: in @Session(), tenant is 'from-path', but the path /invoices names no tenant, so that every " +
        'request would be refused. Add :tenantId to the path, or override getTenantId of MultitenancyFunctions, which finds the ' +
        'tenant elsewhere.',
    );
    expect(await mistake(guarded('', [':tenantId/invoices', 'invoices']))).toContain(
      'the path /invoices names no tenant',
    );
    expect(await mistake(guarded(':tenantIds'))).toContain('the path /:tenantIds names no tenant');
  });

  it('finds it in the path of the class, the method and the module', async () => {
    const started = [
      await boot(guarded(':tenantId/invoices')),
      await boot(guarded('invoices', ['of/:tenantId', ':tenantId'])),
      await boot(guarded('invoices'), { modulePath: ':tenantId' }),
      await boot(guarded('invoices'), { recipe: MultitenancyRecipe.init({ override: { functions: BySubdomain } }) }),
    ];
    for (const { app } of started) await app.close();
  });

  it('has one form, and needs the recipe and a session', async () => {
    expect(await mistake(guarded(':tenantId', '', { tenant: 'acme' }))).toContain(
      'InvoicesController: in @Session(), tenant is "acme". Write \'from-path\'.',
    );
    const optional = { tenant: 'from-path', sessionRequired: false };
    expect(await mistake(guarded(':tenantId', '', optional))).toContain('asks for tenant, and lets requests in');
    const error = await bootError(() =>
      startApp(
        framework,
        rootModule({
          imports: [authModule({ auth: { recipeList: [SessionRecipe.init()] } })],
          controllers: [guarded(':tenantId')],
        }),
      ),
    );
    expect(error.message).toContain('Add MultitenancyRecipe.init() to recipeList.');
  });
});
