import { SessionRecipe, ThirdPartyRecipe, type AuthModuleOptions, type ThirdPartyOptions, type Recipe } from 'latchkey';
import { startAuthApp, type AuthApp, type AuthAppOptions } from './auth-app.js';
import type { Framework } from './frameworks.js';
import { CONFIDENTIAL_CLIENT, type TestOidcProvider } from './oidc-provider.js';

type Providers = NonNullable<ThirdPartyOptions['providers']>;

export interface ThirdPartyAppOptions extends Omit<AuthAppOptions, 'emailPassword'> {
  thirdParty?: Parameters<typeof ThirdPartyRecipe.init>[0];
  /** Beside Session and ThirdParty. */
  recipes?: Recipe[];
  auth?: Partial<AuthModuleOptions>;
}

/** An application with the Session and ThirdParty recipes. */
export function startThirdPartyApp(framework: Framework, options: ThirdPartyAppOptions = {}): Promise<AuthApp> {
  const { thirdParty, recipes = [], session, auth, ...others } = options;
  const recipeList = [SessionRecipe.init(session), ThirdPartyRecipe.init(thirdParty), ...recipes];
  return startAuthApp(framework, { ...others, auth: { recipeList, ...auth } });
}

/** The provider as an application configures it, under the id `local`. */
export function localProvider(
  provider: TestOidcProvider,
  client: Partial<NonNullable<Extract<Providers[number], { thirdPartyId: string }>['clients']>[number]> = {},
): Extract<Providers[number], { thirdPartyId: string }> {
  return {
    thirdPartyId: 'local',
    name: 'Local',
    clients: [{ ...CONFIDENTIAL_CLIENT, scope: ['openid', 'email'], ...client }],
    oidcDiscoveryEndpoint: provider.issuer,
  };
}
