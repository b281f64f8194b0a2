import type { CorePart } from './core-part.js';
import type { EmbeddedEngine } from './embedded-engine.js';
import type { RemoteCoreEngine } from './remote-core-engine.js';
import { UserRolesCore } from '../user-roles.core.js';

export const userRolesPart: CorePart<UserRolesCore> = {
  id: 'userroles',
  port: UserRolesCore,
  async embedded({ database, tenants, facts }: EmbeddedEngine) {
    const { EmbeddedUserRolesCore } = await import('../embedded/embedded-user-roles.core.js');
    return new EmbeddedUserRolesCore(database, tenants, facts);
  },
  async remote({ client, tenantList, facts }: RemoteCoreEngine) {
    const { RemoteUserRolesCore } = await import('../remote/remote-user-roles.core.js');
    return new RemoteUserRolesCore(client, tenantList, facts);
  },
};
