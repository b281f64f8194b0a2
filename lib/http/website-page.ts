import type { NormalisedAppInfo } from './app-info.js';
import type { BaseRequest } from './base-request.js';
import type { UserContext } from './user-context.js';

/** A page of the frontend that emails and text messages link to. */
export interface WebsitePage<Query extends string, Fragment extends string = never> {
  /**
   * @param request by which an application that has several websites chooses one
   * @returns `{websiteDomain}{websiteBasePath}/…?token=…`
   */
  link(
    appInfo: NormalisedAppInfo,
    values: Record<Query | Fragment, string>,
    request: BaseRequest | undefined,
    userContext: UserContext,
  ): string;
}

/**
 * The one place where links are built: a recipe declares its page, and fills in the values.
 *
 * @param path below `appInfo.websiteBasePath`, such as `/reset-password`
 * @param query the parameters, in the order of the link
 * @param fragment a value behind `#`, which browsers send to no server
 */
export function websitePage<const Query extends string, const Fragment extends string = never>(
  path: `/${string}`,
  query: readonly Query[],
  fragment?: Fragment,
): WebsitePage<Query, Fragment> {
  return {
    link(appInfo, values, request, userContext) {
      const page = `${appInfo.getWebsiteDomain(request, userContext)}${appInfo.websiteBasePath}${path}`;
      const parameters = new URLSearchParams(query.map((name): [string, string] => [name, values[name]]));
      const hash = fragment === undefined ? '' : `#${encodeURIComponent(values[fragment])}`;
      return `${page}?${parameters}${hash}`;
    },
  };
}
