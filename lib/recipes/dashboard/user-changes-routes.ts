import { DashboardFields, queryText } from './dashboard-fields.js';
import type { DashboardUserChangesApi } from './dashboard-user-changes.api.js';
import { guardedRoutes } from './guarded-routes.js';

export const userChangesRoutes = guardedRoutes<DashboardUserChangesApi>({
  userPUT: {
    method: 'PUT',
    path: 'user',
    async input(call) {
      const body = await DashboardFields.of(call);
      return {
        tenantId: call.tenantId,
        recipeUserId: body.filledText('recipeUserId'),
        recipeId: body.filledText('recipeId'),
        firstName: body.text('firstName'),
        lastName: body.text('lastName'),
        email: body.text('email'),
        phone: body.text('phone'),
      };
    },
    audit({ recipeUserId, recipeId, firstName, lastName, email, phone }) {
      const fields = Object.entries({ firstName, lastName, email, phone }).filter(([, value]) => value.trim() !== '');
      return { userId: recipeUserId, detail: { recipeId, fields: fields.map(([name]) => name) } };
    },
  },
  emailPasswordUserPOST: {
    method: 'POST',
    path: 'user/emailpassword',
    async input(call) {
      const body = await DashboardFields.of(call);
      return { tenantId: call.tenantId, email: body.filledText('email'), password: body.filledText('password') };
    },
    audit: (_, result) => (result?.status === 'OK' ? { userId: result.user.id } : {}),
  },
  passwordlessUserPOST: { method: 'POST', path: 'user/passwordless', input: ({ tenantId }) => ({ tenantId }) },
  userUnlinkGET: {
    method: 'GET',
    path: 'user/unlink',
    input: async (call) => ({ tenantId: call.tenantId, recipeUserId: await queryText(call, 'recipeUserId') }),
  },
});
