import { useState } from 'preact/hooks';
import type { ProviderConfig, Tenant } from '../../client/answers.types.js';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Confirmation } from '../../elements/dialog.js';
import { Empty } from '../../elements/loading.js';
import { useNotices } from '../../elements/notices.js';
import { Section } from '../../elements/view.js';
import { linkTo } from '../../hooks/place.js';

export type ProviderList = Tenant['thirdParty']['providers'];

/** The providers by which people of a tenant sign in. */
export function TenantProviders({
  tenantId,
  providers,
  onChanged,
}: {
  tenantId: string;
  providers: ProviderList;
  onChanged: () => Promise<void>;
}) {
  const { client } = useDashboard();
  const notices = useNotices();
  const [removed, setRemoved] = useState<string>();
  const path = '/thirdparty/config';

  async function remove(thirdPartyId: string): Promise<void> {
    const query = { thirdPartyId };
    const { providerConfig } = await client.ask<{ providerConfig: ProviderConfig }>(path, { tenantId, query });
    await client.ask(path, { method: 'DELETE', tenantId, query });
    setRemoved(undefined);
    notices.done(`${thirdPartyId} is removed.`, async () => {
      await client.ask(path, { method: 'PUT', tenantId, body: { providerConfig } });
      await onChanged();
    });
    await onChanged();
  }

  return (
    <Section
      title="Providers"
      actions={
        <Writers>
          <a class="button quiet" href={linkTo(['tenants', tenantId, 'new-provider'])}>
            Add provider
          </a>
        </Writers>
      }
    >
      {providers.length === 0 && <Empty>No providers of its own: those of the application apply.</Empty>}
      <ul class="list">
        {providers.map(({ thirdPartyId, name }) => (
          <li key={thirdPartyId}>
            <a class="row-link main-text" href={linkTo(['tenants', tenantId, 'providers', thirdPartyId])}>
              {name || thirdPartyId} <span class="minor">{thirdPartyId}</span>
            </a>
            <Writers>
              <Button kind="quiet" label={`Remove ${thirdPartyId}`} onClick={() => setRemoved(thirdPartyId)}>
                Remove
              </Button>
            </Writers>
          </li>
        ))}
      </ul>
      {removed !== undefined && (
        <Confirmation
          title={`Remove ${removed}?`}
          action="Remove provider"
          onConfirm={() => remove(removed)}
          onClose={() => setRemoved(undefined)}
        >
          <p>Nobody of {tenantId} can sign in by it any more. Accounts stay.</p>
        </Confirmation>
      )}
    </Section>
  );
}
