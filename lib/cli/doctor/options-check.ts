import { type AuthModuleOptions, checkAuthModuleOptions } from '../../auth.options.js';
import { isLocalHost, normaliseAppInfo, type NormalisedAppInfo } from '../../http/app-info.js';
import { withParts } from '../../recipes/recipe-parts.js';
import { checkRecipeList } from '../../recipes/recipe-list-check.js';
import { checkCookiesReachBrowser, type SessionConfig } from '../../recipes/session/session.options.js';
import { type Finding, ok, problemOf, warning } from './finding.js';

const FIX = 'Correct the option';

/** What the boot would refuse, and what it cannot know: how browsers treat the cookies. */
export function checkOptions(options: AuthModuleOptions): Finding[] {
  let appInfo: NormalisedAppInfo;
  try {
    checkAuthModuleOptions(options);
    appInfo = normaliseAppInfo(options.appInfo);
    checkRecipeList(options.recipeList);
  } catch (error) {
    return [problemOf('options', error, FIX)];
  }
  const found: Finding[] = [];
  for (const { definition, options: source } of withParts(options.recipeList)) {
    // Those of initAsync are known to the running application only, and those of parts to the whole.
    if (!('useValue' in source)) continue;
    try {
      const config = definition.normalise(source.useValue, appInfo);
      if (definition.id === 'session') found.push(...checkCookies(config as SessionConfig, appInfo));
    } catch (error) {
      found.push(problemOf(definition.id === 'session' ? 'cookies' : 'options', error, FIX));
    }
  }
  return found.some(({ about }) => about === 'options') ? found : [ok('options', 'As they should be'), ...found];
}

function checkCookies(config: SessionConfig, appInfo: NormalisedAppInfo): Finding[] {
  const { apiDomain } = appInfo;
  let website: string;
  try {
    website = appInfo.getWebsiteDomain();
    checkCookiesReachBrowser(config, appInfo);
  } catch (error) {
    return [problemOf('cookies', error, 'Give websiteDomain, or call the doctor where it needs no request')];
  }
  const found: Finding[] = [];
  if (apiDomain.startsWith('http:') && !isLocalHost(apiDomain)) {
    const text = `apiDomain is ${apiDomain}, so passwords and tokens can be read on the way. Serve it over https`;
    found.push(warning('cookies', text));
  }
  if (apiDomain.startsWith('https:') && !config.cookieSecure) {
    const text = 'cookieSecure is false, so browsers send the cookies over http as well. Remove the option';
    found.push(warning('cookies', text));
  }
  if (config.getCookieSameSite() === 'none' && !isLocalHost(apiDomain)) {
    found.push(
      warning(
        'cookies',
        `${apiDomain} and ${website} are different sites: browsers that block cookies of third parties keep nobody signed in. ` +
          'Serve both below one domain, or have clients keep tokens in headers',
      ),
    );
  }
  if (found.length > 0) return found;
  return [ok('cookies', `SameSite=${config.getCookieSameSite()}, ${config.cookieSecure ? 'Secure' : 'not Secure'}`)];
}
