import { BadInputError } from '../../core/auth.error.js';
import type { JsonObject } from '../../core/json.types.js';
import type { ApiCall } from '../../http/api-call.js';
import { DashboardFields, queryText } from './dashboard-fields.js';
import type { DashboardUserDetailsApi } from './dashboard-user-details.api.js';
import { guardedRoutes } from './guarded-routes.js';

const MAX_HANDLES = 1000;

export const userDetailsRoutes = guardedRoutes<DashboardUserDetailsApi>({
  userEmailVerifyGET: {
    method: 'GET',
    path: 'user/email/verify',
    input: async (call) => ({ tenantId: call.tenantId, recipeUserId: await queryText(call, 'recipeUserId') }),
  },
  userEmailVerifyPUT: {
    method: 'PUT',
    path: 'user/email/verify',
    async input(call) {
      const body = await DashboardFields.of(call);
      const { tenantId } = call;
      return { tenantId, recipeUserId: body.filledText('recipeUserId'), verified: body.flag('verified') };
    },
    audit: ({ recipeUserId, verified }) => ({ userId: recipeUserId, detail: { verified } }),
  },
  userEmailVerifyTokenPOST: {
    method: 'POST',
    path: 'user/email/verify/token',
    async input(call) {
      const body = await DashboardFields.of(call);
      return { tenantId: call.tenantId, recipeUserId: body.filledText('recipeUserId') };
    },
    audit: ({ recipeUserId }) => ({ userId: recipeUserId }),
  },
  userMetadataGET: {
    method: 'GET',
    path: 'user/metadata',
    input: async (call) => ({ userId: await queryText(call, 'userId') }),
  },
  userMetadataPUT: {
    method: 'PUT',
    path: 'user/metadata',
    async input(call) {
      const body = await DashboardFields.of(call);
      return { userId: body.filledText('userId'), data: jsonObject(body.text('data')) };
    },
    audit: ({ userId, data }) => ({ userId, detail: { members: Object.keys(data).slice(0, 100) } }),
  },
  userSessionsGET: {
    method: 'GET',
    path: 'user/sessions',
    input: async (call) => ({ userId: await queryText(call, 'userId') }),
  },
  userSessionsPOST: {
    method: 'POST',
    path: 'user/sessions',
    async input(call: ApiCall) {
      const sessionHandles = (await DashboardFields.of(call)).texts('sessionHandles');
      if (sessionHandles.length > MAX_HANDLES) {
        throw new BadInputError(`The parameter 'sessionHandles' must be at most ${MAX_HANDLES}`);
      }
      return { sessionHandles };
    },
    audit: ({ sessionHandles }) => ({ detail: { sessionHandles } }),
  },
  userPasswordPUT: {
    method: 'PUT',
    path: 'user/password',
    async input(call) {
      const body = await DashboardFields.of(call);
      const { tenantId } = call;
      return { tenantId, recipeUserId: body.filledText('recipeUserId'), newPassword: body.filledText('newPassword') };
    },
    audit: ({ recipeUserId }) => ({ userId: recipeUserId }),
  },
});

/** @throws {BadInputError} it is no JSON, or no object */
function jsonObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Answered below.
  }
  throw new BadInputError("'data' must be a valid JSON body");
}
