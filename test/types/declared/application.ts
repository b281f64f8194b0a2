/* What compiles once an application has declared its names: see names.ts and invoices/permissions.ts. Compiled by `npm run check:types`, never run. */
import {
  CurrentUser,
  PermissionClaim,
  PrimitiveClaim,
  Session,
  SessionContainer,
  SessionFunctions,
  Sessions,
  UserMetadataFunctions,
  UserRoleClaim,
  UserRolesFunctions,
  UserRolesRecipe,
  type SessionPropertyType,
  type User,
  type UserContext,
} from 'latchkey';
import { fakeSession } from 'latchkey/testing';
import { permissions, roles } from './invoices/permissions.js';
import './names.js';

export const recipe = UserRolesRecipe.init({ permissions, roles });
// @ts-expect-error a permission that is misspelt
export const misspelt = UserRolesRecipe.init({ permissions, roles: { ...roles, auditor: ['invoices:raed'] } });
// @ts-expect-error a permission without its words
export const incomplete = UserRolesRecipe.init({ permissions: { 'invoices:read': 'See invoices' } });

@Session({ roles: ['accountant'], permissions: { anyOf: ['invoices:read', 'invoices:write'] } })
export class Invoices {
  @Session({ roles: { allOf: ['accountant', 'auditor'] }, requireEmailVerification: true })
  list(
    @Session('userId') userId: string,
    @Session('accessTokenPayload', { permissions: ['invoices:write'] })
    payload: SessionPropertyType<'accessTokenPayload'>,
    @CurrentUser() user: User,
  ) {
    const plan: 'free' | 'pro' = payload.plan;
    return [userId, plan, user.emails];
  }

  // @ts-expect-error a permission that is misspelt
  @Session({ permissions: ['invoices:raed'] })
  misspelt() {}

  // @ts-expect-error one of several that is misspelt
  @Session({ permissions: { anyOf: ['invoices:read', 'invoices:wriet'] } })
  oneMisspelt() {}

  // @ts-expect-error a role that is misspelt
  @Session({ roles: ['acountant'] })
  misspeltRole() {}

  // @ts-expect-error one of them, or both?
  @Session({ roles: ['accountant', 'auditor'] })
  ambiguous() {}

  // @ts-expect-error nobody is asked for
  @Session({ roles: [] })
  empty() {}

  // @ts-expect-error it can only be asked for
  @Session({ requireEmailVerification: false })
  unverified() {}

  // @ts-expect-error a session has no such property
  noProperty(@Session('email') email: string) {
    return email;
  }

  // @ts-expect-error a property is handed to a parameter
  @Session('userId')
  noParameter() {}
}

const plan = new PrimitiveClaim<'free' | 'pro'>({
  key: 'plan',
  fetchValue: (_userId, _recipeUserId, _tenantId, payload) => payload.plan ?? 'free',
});

export async function payloads(session: SessionContainer, functions: SessionFunctions, sessions: Sessions) {
  const { plan: current, seats, sub, exp } = session.getAccessTokenPayload();
  const read: ['free' | 'pro', number | undefined, string, number] = [current, seats, sub, exp];
  // @ts-expect-error a claim that is misspelt
  void session.getAccessTokenPayload().paln;
  await session.mergeIntoAccessTokenPayload({ plan: 'pro', seats: null });
  // @ts-expect-error no such plan
  await session.mergeIntoAccessTokenPayload({ plan: 'gold' });
  // @ts-expect-error a claim that is misspelt
  await session.mergeIntoAccessTokenPayload({ paln: 'pro' });
  await functions.createNewSession({ userId: 'u', accessTokenPayload: { plan: 'free' } });
  // @ts-expect-error no such plan
  await functions.createNewSession({ userId: 'u', accessTokenPayload: { plan: 'gold' } });
  await sessions.createNewSession({}, {}, { userId: 'u', accessTokenPayload: { seats: 3 } });
  // @ts-expect-error seats are counted
  await sessions.createNewSession({}, {}, { userId: 'u', accessTokenPayload: { seats: 'three' } });
  // @ts-expect-error no such plan
  await functions.mergeIntoAccessTokenPayload({ sessionHandle: 'h', accessTokenPayloadUpdate: { plan: 'gold' } });
  void fakeSession({ userId: 'u', payload: { plan: 'pro', ...UserRoleClaim.addToPayload({}, ['auditor'], {}) } });
  // @ts-expect-error no such plan
  void fakeSession({ userId: 'u', payload: { plan: 'gold' } });

  await session.assertClaims([
    plan.validators.hasValue('pro'),
    PermissionClaim.validators.includes('invoices:read'),
    { id: 'seats', validate: (payload) => ({ isValid: (payload.seats ?? 0) > 3, reason: 'seats' }) },
  ]);
  // @ts-expect-error a permission that is misspelt
  PermissionClaim.validators.includes('invoices:raed');
  // @ts-expect-error a role that is misspelt
  UserRoleClaim.validators.includesAny(['acountant']);
  return read;
}

export async function metadata(functions: UserMetadataFunctions, userRoles: UserRolesFunctions) {
  const { metadata: stored } = await functions.getUserMetadata({ userId: 'u' });
  const theme: 'light' | 'dark' | undefined = stored.theme;
  // @ts-expect-error nobody may have set it
  const certain: 'light' | 'dark' = stored.theme;
  await functions.updateUserMetadata({ userId: 'u', metadataUpdate: { theme: 'dark', tags: null } });
  // @ts-expect-error no such theme
  await functions.updateUserMetadata({ userId: 'u', metadataUpdate: { theme: 'blue' } });
  // @ts-expect-error a member that is misspelt
  await functions.updateUserMetadata({ userId: 'u', metadataUpdate: { thmee: 'dark' } });
  // Administrators make more roles than the application names.
  await userRoles.createNewRoleOrAddPermissions({ role: 'guest', permissions: ['whatever'] });
  return [theme, certain];
}

export function context(userContext: UserContext): string | undefined {
  userContext.anything = 1;
  // @ts-expect-error an invitation is text
  userContext.invitation = 1;
  return userContext.invitation;
}
