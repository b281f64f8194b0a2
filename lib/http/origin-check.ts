import type { NormalisedAppInfo } from './app-info.js';
import type { BaseRequest } from './base-request.js';
import { ForeignOriginError } from './foreign-origin.error.js';

/**
 * A page of another site can have a browser post here, and the answer signs its visitor in or out. Browsers say where a
 * request comes from; apps and servers say nothing, and have no cookies that others could use.
 * @throws {ForeignOriginError}
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function assertOwnOrigin(request: BaseRequest, appInfo: NormalisedAppInfo): void {
  const origin = request.getHeaderValue('origin');
  const site = request.getHeaderValue('sec-fetch-site');
  // The browser's word for a page of the very host that it calls, whatever that is named in the configuration.
  if (site === 'same-origin') return;
  if (origin === undefined) {
    if (site === undefined || site === 'none') return;
    throw new ForeignOriginError(`a ${site} page`);
  }
  if (appInfo.isOwnOrigin(origin)) return;
  // Over http, browsers send no Sec-Fetch-Site but to localhost: a phone that looks at a developer's machine.
  const isPlain = appInfo.apiDomain.startsWith('http:');
  if (isPlain && origin === `http://${request.getHeaderValue('host')}`) return;
  throw new ForeignOriginError(origin);
}
