import { SessionRecipe, ThirdPartyEmailPasswordRecipe, type Recipe } from 'latchkey';
import { startAuthApp, type AuthApp, type AuthAppOptions } from './auth-app.js';
import type { Framework } from './frameworks.js';

export interface CombinedAppOptions extends Omit<AuthAppOptions, 'emailPassword'> {
  combined?: Parameters<typeof ThirdPartyEmailPasswordRecipe.init>[0];
  /** Beside Session and ThirdPartyEmailPassword. */
  recipes?: Recipe[];
}

/** An application with the Session and ThirdPartyEmailPassword recipes. */
export function startCombinedApp(framework: Framework, options: CombinedAppOptions = {}): Promise<AuthApp> {
  const { combined, recipes = [], session, auth, ...others } = options;
  const recipeList = [SessionRecipe.init(session), ThirdPartyEmailPasswordRecipe.init(combined), ...recipes];
  return startAuthApp(framework, { ...others, auth: { recipeList, ...auth } });
}
