import type { AuthRoute } from '../../http/auth-routes.js';
import { describeLoginMethods } from './login-methods.description.js';
import type { LoginMethodsApi } from './login-methods.api.js';

/** The route of every recipe that has a method for it. */
export const loginMethodsRoute: AuthRoute<LoginMethodsApi['loginMethodsGET']> = {
  method: 'GET',
  paths: ['loginmethods'],
  describe: describeLoginMethods,
  perTenant: true,
  async input({ request, tenantId }) {
    return { tenantId, clientType: await request.getKeyValueFromQuery('clientType') };
  },
};
