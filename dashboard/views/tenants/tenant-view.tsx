import { useState } from 'preact/hooks';
import type { Tenant } from '../../client/answers.types.js';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Confirmation } from '../../elements/dialog.js';
import { Loading } from '../../elements/loading.js';
import { useNotices } from '../../elements/notices.js';
import { Section, View } from '../../elements/view.js';
import { goTo, linkTo } from '../../hooks/place.js';
import { useLoad } from '../../hooks/use-load.js';
import { FactorChoice } from './factor-choice.js';
import { FIRST_FACTORS, SECONDARY_FACTORS } from './factors.js';
import { TenantCoreConfig } from './tenant-core-config.js';
import { TenantProviders } from './tenant-providers.js';

export function TenantView({ tenantId }: { tenantId: string }) {
  const { client } = useDashboard();
  const loaded = useLoad((signal) => client.ask<{ tenant: Tenant }>('/tenant', { signal, tenantId }), [tenantId]);

  return (
    <View title={tenantId} actions={<Writers>{tenantId !== 'public' && <Deletion tenantId={tenantId} />}</Writers>}>
      <p class="note">
        <a href={linkTo(['tenants'])}>All tenants</a>
        {loaded.value && (
          <>
            {' · '}
            <a href={linkTo(['users'], { tenant: tenantId })}>
              {loaded.value.tenant.userCount.toLocaleString('en')} users
            </a>
          </>
        )}
      </p>
      <Loading loaded={loaded} lines={8}>
        {({ tenant }) => (
          <>
            <div class="columns">
              <Section title="First factors">
                <p class="note">How people sign in. Without any, as the application says.</p>
                <FactorChoice
                  tenantId={tenantId}
                  path="/tenant/first-factor"
                  factors={FIRST_FACTORS}
                  chosen={tenant.firstFactors ?? []}
                  onChanged={loaded.reload}
                />
              </Section>
              <Section title="Second factors">
                <p class="note">What people must have as well.</p>
                <FactorChoice
                  tenantId={tenantId}
                  path="/tenant/required-secondary-factor"
                  factors={SECONDARY_FACTORS}
                  chosen={tenant.requiredSecondaryFactors ?? []}
                  onChanged={loaded.reload}
                />
              </Section>
            </div>
            <TenantProviders tenantId={tenantId} providers={tenant.thirdParty.providers} onChanged={loaded.reload} />
            <TenantCoreConfig fields={tenant.coreConfig} />
          </>
        )}
      </Loading>
    </View>
  );
}

function Deletion({ tenantId }: { tenantId: string }) {
  const { client } = useDashboard();
  const notices = useNotices();
  const [isOpen, setOpen] = useState(false);

  async function remove(): Promise<void> {
    await client.ask('/tenant', { method: 'DELETE', tenantId });
    notices.done(`The tenant ${tenantId} is deleted.`);
    goTo(linkTo(['tenants']), { replaces: true });
  }

  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        Delete tenant
      </Button>
      {isOpen && (
        <Confirmation
          title={`Delete the tenant ${tenantId}?`}
          action="Delete tenant"
          typed={tenantId}
          onConfirm={remove}
          onClose={() => setOpen(false)}
        >
          <p>Its users can no longer sign in there, and its settings are gone. This cannot be undone.</p>
        </Confirmation>
      )}
    </>
  );
}
