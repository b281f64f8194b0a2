import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import type { DashboardSignInResult } from '../../core/dashboard.core.js';
import type { APIOptions } from '../../http/api-call.js';
import { PublicPaths } from '../../http/public-paths.js';
import type { UserContext } from '../../http/user-context.js';
import { nameOfActor, type DashboardActor, type DashboardActorName } from './dashboard-actor.js';
import { DashboardAssets, type DashboardAsset } from './dashboard-assets.js';
import { renderDashboardPage } from './dashboard-page.js';
import { bearerOf, type DashboardFunctions } from './dashboard.functions.js';
import type { DashboardConfig } from './dashboard.options.js';

/** The options that methods of `DashboardApi` receive. */
export type DashboardAPIOptions = APIOptions<DashboardFunctions, DashboardConfig>;

/** The input of methods that anybody may ask for. */
export interface DashboardOpenInput {
  options: DashboardAPIOptions;
  userContext: UserContext;
}

/** What methods receive beside their own inputs, once the request was let in. */
export interface DashboardApiInput extends DashboardOpenInput {
  /** Who asks. */
  actor: DashboardActor;
}

/** The input of `DashboardApi.assetGET`. */
export interface AssetGETInput extends DashboardOpenInput {
  /** The name of a file of our page. */
  file: string;
}

/** The input of `DashboardApi.signInPOST`. */
export interface DashboardSignInPOSTInput extends DashboardOpenInput {
  email: string;
  password: string;
}

/** Who asks, and whether the page shows what changes something. */
export interface ValidateKeyPOSTResponse {
  status: 'OK';
  actor: DashboardActorName;
  mayWrite: boolean;
}

/** The page, and who is let in to it. */
@Injectable()
export class DashboardAccessApi {
  @Inject(PublicPaths) protected readonly publicPaths!: PublicPaths;
  @Inject(DashboardAssets) private readonly assets!: DashboardAssets;

  /** `GET /dashboard`: the page, which everybody may see. Without a nonce on a script, browsers do not run it. */
  async dashboardGET({ options, userContext }: DashboardOpenInput): Promise<string> {
    const location = await options.recipeImplementation.getDashboardBundleLocation({ userContext });
    return renderDashboardPage({
      appPath: `${this.publicPaths.basePath}/dashboard`,
      bundleLocation: location?.replace(/\/+$/, ''),
      authMode: options.config.authMode,
      version: location === undefined ? await this.assets.version() : '',
    });
  }

  /** `GET /dashboard/assets/:file`: a file of our page. */
  async assetGET({ file }: AssetGETInput): Promise<{ status: 'OK' } & DashboardAsset> {
    const asset = await this.assets.find(file);
    if (asset === undefined) throw new NotFoundException('There is no such file');
    return { status: 'OK', ...asset };
  }

  /** `POST /api/signin`: signs in to the dashboard itself. */
  async signInPOST(input: DashboardSignInPOSTInput): Promise<DashboardSignInResult> {
    const { email, password, options, userContext } = input;
    return options.recipeImplementation.signIn({ email, password, userContext });
  }

  /** `POST /api/key/validate`: whether the page is let in. */
  async validateKeyPOST({ actor }: DashboardApiInput): Promise<ValidateKeyPOSTResponse> {
    return { status: 'OK', actor: nameOfActor(actor), mayWrite: actor.mayWrite };
  }

  /** `POST /api/signout`: ends the session of the dashboard. A key, and the application's own session, go on. */
  async signOutPOST({ actor, options, userContext }: DashboardApiInput): Promise<{ status: 'OK' }> {
    const sessionId = bearerOf(options.req);
    if (actor.type !== 'dashboardUser' || sessionId === undefined) return { status: 'OK' };
    return options.recipeImplementation.signOut({ sessionId, userContext });
  }

  /** `POST /api/analytics`: answered, and sent nowhere. */
  async analyticsPOST(_input: DashboardApiInput): Promise<{ status: 'OK' }> {
    return { status: 'OK' };
  }
}
