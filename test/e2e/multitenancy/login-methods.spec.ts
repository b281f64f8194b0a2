import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AllowedDomainsClaim,
  DISABLED,
  MultitenancyApi,
  MultitenancyFunctions,
  MultitenancyRecipe,
  SessionFunctions,
  SessionRecipe,
  ThirdPartyApi,
  ThirdPartyEmailPasswordApi,
  ThirdPartyEmailPasswordRecipe,
  ThirdPartyRecipe,
  type Recipe,
} from 'latchkey';
import { bootError, startAuthApp, type AuthApp } from '../../support/auth-app.js';
import { onExpress, onFastify } from '../../support/frameworks.js';
import { startTenantsApp } from '../../support/tenants-app.js';

const clients = [{ clientId: 'id', clientSecret: 'secret' }];
const providers = [{ thirdPartyId: 'github', clients, includeInNonPublicTenantsByDefault: true }];

/** Which overrides have seen the request, outermost last. */
class OfTenants extends MultitenancyApi {
  override async loginMethodsGET(input: Parameters<MultitenancyApi['loginMethodsGET']>[0]) {
    const answer = await super.loginMethodsGET(input);
    return { ...answer, seenBy: [...((answer as { seenBy?: string[] }).seenBy ?? []), input.options.recipeId] };
  }
}
class OfProviders extends ThirdPartyApi {
  override async loginMethodsGET(input: Parameters<ThirdPartyApi['loginMethodsGET']>[0]) {
    return { ...(await super.loginMethodsGET(input)), seenBy: [input.options.recipeId] };
  }
}
class OfBoth extends ThirdPartyEmailPasswordApi {
  override async loginMethodsGET(input: Parameters<ThirdPartyEmailPasswordApi['loginMethodsGET']>[0]) {
    return { ...(await super.loginMethodsGET(input)), seenBy: [input.options.recipeId] };
  }
}
class WithoutRoute extends ThirdPartyEmailPasswordApi {
  override loginMethodsGET = DISABLED;
}
/** A tenant that nobody has stored. */
class FromElsewhere extends MultitenancyFunctions {
  override async getTenant(input: Parameters<MultitenancyFunctions['getTenant']>[0]) {
    if (input.tenantId !== 'elsewhere') return super.getTenant(input);
    const firstFactors = ['thirdparty', 'emailpassword', 'unknown'];
    return {
      status: 'OK' as const,
      tenantId: 'elsewhere',
      thirdParty: { providers: [] },
      firstFactors,
      coreConfig: {},
    };
  }
}

describe.each(onExpress)('loginmethods of the Multitenancy recipe on %s', (framework) => {
  const started: AuthApp[] = [];
  afterEach(async () => {
    for (const { app } of started.splice(0)) await app.close();
  });

  async function answerOf(recipes: Recipe[], tenant = '') {
    const auth = await startAuthApp(framework, { auth: { recipeList: [SessionRecipe.init(), ...recipes] } });
    started.push(auth);
    const response = await auth.client().get(`/auth${tenant}/loginmethods`);
    return (await response.json()) as Record<string, unknown>;
  }
  const byTenants = () => MultitenancyRecipe.init({ override: { apis: OfTenants } });
  const github = { thirdParty: { enabled: true, providers: [{ id: 'github', name: 'GitHub' }] } };

  it('are answered by its own method, around that of the recipe with the providers', async () => {
    const ofProviders = ThirdPartyRecipe.init({ providers, override: { apis: OfProviders } });
    expect(await answerOf([ofProviders, byTenants()])).toMatchObject({
      ...github,
      firstFactors: ['thirdparty'],
      seenBy: ['thirdparty', 'multitenancy'],
    });
    const ofBoth = ThirdPartyEmailPasswordRecipe.init({ providers, override: { apis: OfBoth } });
    expect(await answerOf([byTenants(), ofBoth])).toMatchObject({
      ...github,
      seenBy: ['thirdpartyemailpassword', 'multitenancy'],
    });
    expect(await answerOf([byTenants()])).toMatchObject({ firstFactors: [], seenBy: ['multitenancy'] });
  });

  it('are there where the recipe with the providers has its route disabled', async () => {
    const without = ThirdPartyEmailPasswordRecipe.init({ providers, override: { apis: WithoutRoute } });
    expect(await answerOf([without, byTenants()])).toMatchObject({ seenBy: ['multitenancy'] });
    class Disabled extends MultitenancyApi {
      override loginMethodsGET = DISABLED;
    }
    const disabled = MultitenancyRecipe.init({ override: { apis: Disabled } });
    expect(await answerOf([ThirdPartyRecipe.init({ providers }), disabled])).toMatchObject({ statusCode: 404 });
  });

  it('are those that getTenant names, in its order', async () => {
    const ofTenants = MultitenancyRecipe.init({ override: { functions: FromElsewhere } });
    const both = ThirdPartyEmailPasswordRecipe.init({ providers });
    expect(await answerOf([both, ofTenants])).toMatchObject({ firstFactors: ['emailpassword', 'thirdparty'] });
    // Its providers are those of the core, which does not know it.
    expect(await answerOf([both, ofTenants], '/nowhere')).toMatchObject({ message: 'Unknown tenant: nowhere' });
    const auth = await startTenantsApp(framework, { multitenancy: { override: { functions: FromElsewhere } } });
    started.push(auth);
    expect(await (await auth.client().get('/auth/elsewhere/loginmethods')).json()).toMatchObject({
      firstFactors: ['emailpassword'],
    });
  });

  it('refuse an option of the wrong type', async () => {
    const error = await bootError(async () => {
      const wrong = MultitenancyRecipe.init({ getAllowedDomains: 1 } as never);
      return startAuthApp(framework, { auth: { recipeList: [SessionRecipe.init(), wrong] } });
    });
    expect(error.message).toContain('MultitenancyRecipe.init');
    expect(error.message).toContain('getAllowedDomains');
  });
});

describe.each(onFastify)('AllowedDomainsClaim on %s', (framework) => {
  let auth: AuthApp;
  const domains: Record<string, unknown> = { acme: ['acme.example.com'], globex: 'globex.example.com' };

  beforeAll(async () => {
    auth = await startTenantsApp(framework, {
      multitenancy: { getAllowedDomainsForTenantId: async (tenantId) => domains[tenantId] as string[] },
    });
  });
  afterAll(() => auth.app.close());

  const create = (tenantId: string) =>
    auth.app
      .get(SessionFunctions, { strict: false })
      .createNewSession({ userId: 'u', tenantId, allowUnknownUser: true });
  const judge = async (tenantId: string, domain: string) => {
    const session = await create(tenantId);
    const errors = await session.assertClaims([AllowedDomainsClaim.validators.includes(domain)]).catch(() => 'refused');
    return [session.getAccessTokenPayload()['st-t-dmns'], errors];
  };

  it('is in every session of a tenant that names some, and in no other', async () => {
    const value = { v: ['acme.example.com'], t: expect.any(Number) };
    expect(await judge('acme', 'acme.example.com')).toEqual([value, undefined]);
    expect(await judge('acme', 'globex.example.com')).toEqual([value, 'refused']);
    expect(await judge('public', 'acme.example.com')).toEqual([undefined, 'refused']);
    await expect(create('globex')).rejects.toThrow('getAllowedDomainsForTenantId returned "globex.example.com"');
  });
});
