import type { ModuleMetadata } from '@nestjs/common';
import { EmailPasswordRecipe, MultitenancyFunctions, MultitenancyRecipe, SessionRecipe, type Recipe } from 'latchkey';
import { formFields, type AuthTestClient } from 'latchkey/testing';
import { newEmail, PASSWORD, startAuthApp, type AuthApp, type AuthAppOptions } from './auth-app.js';
import type { Framework } from './frameworks.js';

export interface TenantsAppOptions extends Omit<AuthAppOptions, 'auth' | 'application'> {
  multitenancy?: Parameters<typeof MultitenancyRecipe.init>[0];
  /** Beside Session, EmailPassword and Multitenancy. */
  recipes?: Recipe[];
  controllers?: ModuleMetadata['controllers'];
  imports?: ModuleMetadata['imports'];
  providers?: ModuleMetadata['providers'];
}

export interface TenantsApp extends AuthApp {
  tenants: MultitenancyFunctions;
  /** Somebody new in that tenant, with a session. */
  signedUp(tenantId: string): Promise<{ client: AuthTestClient; userId: string; email: string }>;
}

/** An application with EmailPassword and Multitenancy, and the tenants `acme` and `globex`. */
export async function startTenantsApp(framework: Framework, options: TenantsAppOptions = {}): Promise<TenantsApp> {
  const { multitenancy, recipes = [], controllers, imports, providers, session, emailPassword, ...start } = options;
  const recipeList = [
    SessionRecipe.init(session),
    EmailPasswordRecipe.init(emailPassword),
    MultitenancyRecipe.init(multitenancy),
    ...recipes,
  ];
  const auth = await startAuthApp(framework, {
    ...start,
    auth: { recipeList },
    application: { controllers, imports, providers },
  });
  const tenants = auth.app.get(MultitenancyFunctions, { strict: false });
  for (const tenantId of ['acme', 'globex']) {
    await tenants.createOrUpdateTenant({ tenantId, config: { firstFactors: ['emailpassword'] } });
  }
  return {
    ...auth,
    tenants,
    async signedUp(tenantId) {
      const [client, email] = [auth.client(), newEmail()];
      const response = await client.auth(`${tenantId}/signup`, formFields({ email, password: PASSWORD }));
      const { user } = (await response.json()) as { user: { id: string } };
      return { client, userId: user.id, email };
    },
  };
}
