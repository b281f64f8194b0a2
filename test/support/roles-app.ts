import type { ModuleMetadata } from '@nestjs/common';
import { EmailPasswordRecipe, SessionRecipe, UserRolesFunctions, UserRolesRecipe, type CoreOptions } from 'latchkey';
import type { AuthTestClient } from 'latchkey/testing';
import { newEmail, PASSWORD, startAuthApp, type AuthApp, type AuthAppOptions } from './auth-app.js';
import type { Framework } from './frameworks.js';
import { coreFor } from './test-core.js';

type UserRolesSettings = NonNullable<Parameters<typeof UserRolesRecipe.init>[0]>;

export interface RolesAppOptions extends Omit<AuthAppOptions, 'auth' | 'application'> {
  userRoles?: UserRolesSettings;
  core?: Partial<CoreOptions>;
  controllers?: ModuleMetadata['controllers'];
  providers?: ModuleMetadata['providers'];
}

export interface RolesApp extends AuthApp {
  roles: UserRolesFunctions;
  /** Somebody new who has the role, and a session in which it is. */
  signedUp(role?: string, transferMethod?: 'cookie' | 'header'): Promise<{ client: AuthTestClient; userId: string }>;
}

/** An application with EmailPassword and UserRoles. */
export async function startRolesApp(framework: Framework, options: RolesAppOptions = {}): Promise<RolesApp> {
  const { userRoles, core, controllers, providers, session, emailPassword, ...start } = options;
  const auth = await startAuthApp(framework, {
    ...start,
    auth: {
      core: coreFor(core),
      recipeList: [
        SessionRecipe.init(session),
        EmailPasswordRecipe.init(emailPassword),
        UserRolesRecipe.init(userRoles),
      ],
    },
    application: { controllers, providers },
  });
  const roles = auth.app.get(UserRolesFunctions, { strict: false });
  return {
    ...auth,
    roles,
    async signedUp(role, transferMethod) {
      const client = auth.client({ transferMethod });
      const email = newEmail();
      const { user } = (await (await client.signUp(email, PASSWORD)).json()) as { user: { id: string } };
      if (role !== undefined) {
        await roles.addRoleToUser({ userId: user.id, role });
        await client.refresh();
      }
      return { client, userId: user.id };
    },
  };
}

/** What the access token of a client with headers says. */
export function payloadOf(client: AuthTestClient): Record<string, { v: unknown; t: number } | undefined> {
  return JSON.parse(Buffer.from(client.tokens.accessToken!.split('.')[1]!, 'base64url').toString()) as never;
}
