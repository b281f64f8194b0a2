import { View } from './elements/view.js';
import { linkTo, usePlace } from './hooks/place.js';
import { AuditView } from './views/operations/audit-view.js';
import { HealthView } from './views/operations/health-view.js';
import { OverridesView } from './views/operations/overrides-view.js';
import { RoleView } from './views/roles/role-view.js';
import { RolesView } from './views/roles/roles-view.js';
import { ProviderView } from './views/tenants/provider-view.js';
import { TenantView } from './views/tenants/tenant-view.js';
import { TenantsView } from './views/tenants/tenants-view.js';
import { NewUserView } from './views/users/new-user-view.js';
import { UserView } from './views/users/user-view.js';
import { UsersView } from './views/users/users-view.js';

/** The view that the address names. Each is made again for another user, role or tenant. */
export function CurrentView() {
  const { path } = usePlace();
  const [view = 'users', id, part, partId] = path;
  const key = path.join('/');
  if (view === 'users') {
    if (id === undefined) return <UsersView />;
    return id === 'new' ? <NewUserView /> : <UserView key={key} userId={id} />;
  }
  if (view === 'roles') return id === undefined ? <RolesView /> : <RoleView key={key} role={id} />;
  if (view === 'tenants') {
    if (id === undefined) return <TenantsView />;
    if (part === 'new-provider') return <ProviderView key={key} tenantId={id} />;
    if (part === 'providers') return <ProviderView key={key} tenantId={id} thirdPartyId={partId} />;
    return <TenantView key={key} tenantId={id} />;
  }
  if (view === 'overrides') return <OverridesView />;
  if (view === 'health') return <HealthView />;
  if (view === 'audit') return <AuditView />;
  return (
    <View title="Nothing is here">
      <p>
        The address names no view. <a href={linkTo(['users'])}>Go to the users</a>
      </p>
    </View>
  );
}
