import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ConfigurationError } from '../../core/auth.error.js';
import type { BaseRequest } from '../../http/base-request.js';
import { PublicPaths } from '../../http/public-paths.js';
import { withRequest } from '../../http/user-context.js';
import { type SessionConfig, type TokenType, SESSION_CONFIG } from './session.options.js';

const COOKIES = { access: 'sAccessToken', refresh: 'sRefreshToken' };
const HEADERS = { access: 'st-access-token', refresh: 'st-refresh-token' };
/** RFC 9110 §5.6.2; RFC 6265 §4.1.1 names cookies by it as well. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** What answers of ours hold besides. */
const TAKEN = ['sidrefreshtoken', 'front-token', 'anti-csrf', 'set-cookie', 'access-control-expose-headers'];

type NameOption = 'getCookieNameForTokenType' | 'getResponseHeaderNameForTokenType';

/** What the cookies and headers are called that carry tokens, and where the cookies go. */
@Injectable()
export class TokenNames implements OnApplicationBootstrap {
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(PublicPaths) private readonly paths!: PublicPaths;

  /** @throws {ConfigurationError} sign-out would get no access token */
  onApplicationBootstrap(): void {
    const { accessTokenPath } = this.config;
    const { basePath } = this.paths;
    if (covers(accessTokenPath, basePath)) return;
    throw new ConfigurationError(
      `SessionRecipe.init: option accessTokenPath is '${accessTokenPath}', and browsers send the cookie to no other path, but the ` +
        `auth routes, such as sign-out, are below ${basePath || '/'}. Give a path that holds both, such as '/'.`,
    );
  }

  /** Before anything is written, so that no client gets one token without the other. @throws {ConfigurationError} */
  assertNames(request: BaseRequest): void {
    for (const type of ['access', 'refresh'] as const) {
      this.cookie(type, request);
      this.header(type, request);
    }
  }

  cookie(type: TokenType, request: BaseRequest): string {
    return this.chosen('getCookieNameForTokenType', type, request) ?? this.prefix(type) + COOKIES[type];
  }

  header(type: TokenType, request: BaseRequest): string {
    return this.chosen('getResponseHeaderNameForTokenType', type, request) ?? HEADERS[type];
  }

  /** Of the cookie, as the client sees it. */
  path(type: TokenType): string {
    return type === 'access' ? this.config.accessTokenPath : this.paths.refreshPath;
  }

  /** That of the refresh cookie is the refresh route, which `__Host-` does not allow. */
  private prefix(type: TokenType): string {
    const { cookiePrefix = '' } = this.config;
    return cookiePrefix !== '' && type === 'refresh' ? '__Secure-' : cookiePrefix;
  }

  /** @throws {ConfigurationError} the application's function gives no name, or one for both */
  private chosen(option: NameOption, type: TokenType, request: BaseRequest): string | undefined {
    const choose = this.config[option];
    if (choose === undefined) return undefined;
    const userContext = withRequest(undefined, request);
    const [name, other] = [type, type === 'access' ? 'refresh' : 'access'].map((each): unknown =>
      choose(request, each as TokenType, userContext),
    );
    const isName = typeof name === 'string' && TOKEN.test(name) && !TAKEN.includes(name.toLowerCase());
    if (isName && typeof other === 'string' && name.toLowerCase() !== other.toLowerCase()) return name;
    throw new ConfigurationError(
      `SessionRecipe.init: ${option} returned ${JSON.stringify(name)} for the ${type} token` +
        (isName ? ', and the same for the other one. ' : '. ') +
        'Return two different names without spaces, commas or semicolons, and none that answers use for something else.',
    );
  }
}

/** RFC 6265 §5.1.4. */
function covers(cookiePath: string, path: string): boolean {
  return path === cookiePath || `${path}/`.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
