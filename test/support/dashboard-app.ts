import {
  DashboardRecipe,
  EmailPasswordRecipe,
  EmailVerificationRecipe,
  SessionRecipe,
  UserMetadataRecipe,
  UserRolesRecipe,
  type CoreOptions,
  type Recipe,
} from 'latchkey';
import { Core } from '../../lib/core/core.js';
import { DashboardCore } from '../../lib/core/dashboard.core.js';
import { newEmail, PASSWORD, startAuthApp, type AuthApp, type AuthAppOptions } from './auth-app.js';
import type { Framework } from './frameworks.js';
import { DASHBOARD_KEY } from './every-recipe.js';
import { coreFor } from './test-core.js';

export { DASHBOARD_KEY as API_KEY };
export const STAFF_PASSWORD = 'a password of the staff';

export interface DashboardAppOptions extends Omit<AuthAppOptions, 'auth'> {
  dashboard?: Parameters<typeof DashboardRecipe.init>[0];
  core?: Partial<CoreOptions>;
  /** Instead of all that the dashboard knows. */
  others?: Recipe[];
  auth?: AuthAppOptions['auth'];
}

export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it
  json: any;
}

/** Asks the dashboard as its page does. */
export type Ask = (request: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export interface DashboardApp extends AuthApp {
  /** With the API key: `ask('GET user?userId=1')`. */
  ask: Ask;
  /** With something else, or nothing. */
  askWith(token: string | undefined): Ask;
  /** Somebody who may sign in to the dashboard. @returns the id of a session */
  staff(email: string): Promise<string>;
  /** A new user of the application. */
  newUser(email?: string): Promise<{ id: string; email: string }>;
}

/** An application with the dashboard and every recipe that it knows. */
export async function startDashboardApp(
  framework: Framework,
  options: DashboardAppOptions = {},
): Promise<DashboardApp> {
  const { dashboard = { apiKey: DASHBOARD_KEY }, core, session, emailPassword, auth, ...start } = options;
  const others = options.others ?? [
    EmailPasswordRecipe.init(emailPassword),
    EmailVerificationRecipe.init({ mode: 'OPTIONAL' }),
    UserRolesRecipe.init(),
    UserMetadataRecipe.init(),
  ];
  const app = await startAuthApp(framework, {
    ...start,
    auth: {
      core: coreFor(core),
      recipeList: [SessionRecipe.init(session), DashboardRecipe.init(dashboard), ...others],
      ...auth,
    },
  });
  const dashboardCore = app.app.get(Core, { strict: false }).port(DashboardCore);
  const askWith =
    (token: string | undefined): Ask =>
    async (request, body, headers = {}) => {
      const [method, path] = request.split(' ') as [string, string];
      const [tenant, rest] = path.startsWith('/') ? path.slice(1).split(/\/(.*)/) : ['', path];
      const response = await fetch(`${app.url}/auth/${tenant === '' ? '' : `${tenant}/`}dashboard/api/${rest}`, {
        method,
        body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        json: text.startsWith('{') ? JSON.parse(text) : text,
      };
    };
  return {
    ...app,
    ask: askWith(DASHBOARD_KEY),
    askWith,
    async staff(email) {
      await dashboardCore.createUser({ email, password: STAFF_PASSWORD });
      const { json } = await askWith(undefined)('POST signin', { email, password: STAFF_PASSWORD });
      return json.sessionId;
    },
    async newUser(email = newEmail()) {
      const { user } = (await (await app.client().signUp(email, PASSWORD)).json()) as { user: { id: string } };
      return { id: user.id, email };
    },
  };
}
