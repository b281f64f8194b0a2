import { useState } from 'preact/hooks';
import type { TenantSummary } from '../../client/answers.types.js';
import { Button } from '../../elements/button.js';
import { useDashboard, Writers } from '../../elements/dashboard-context.js';
import { Dialog } from '../../elements/dialog.js';
import { Field } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { Loading } from '../../elements/loading.js';
import { Tag } from '../../elements/tag.js';
import { View } from '../../elements/view.js';
import { goTo, linkTo } from '../../hooks/place.js';
import { useLoad } from '../../hooks/use-load.js';
import { factorName } from './factors.js';

export function TenantsView() {
  const { client } = useDashboard();
  const [isOpen, setOpen] = useState(false);
  const loaded = useLoad((signal) => client.ask<{ tenants: TenantSummary[] }>('/tenants', { signal }), []);

  return (
    <View
      title="Tenants"
      actions={
        <Writers>
          <Button kind="main" onClick={() => setOpen(true)}>
            Create tenant
          </Button>
        </Writers>
      }
    >
      <Loading loaded={loaded}>
        {({ tenants }) => (
          <table class="rows">
            <thead>
              <tr>
                <th scope="col">Tenant</th>
                <th scope="col">First factors</th>
              </tr>
            </thead>
            <tbody>
              {tenants.map(({ tenantId, firstFactors }) => (
                <tr key={tenantId}>
                  <td>
                    <a class="row-link" href={linkTo(['tenants', tenantId])}>
                      {tenantId}
                    </a>
                  </td>
                  <td>
                    {firstFactors?.map((factor) => <Tag key={factor}>{factorName(factor)}</Tag>) ?? (
                      <span class="minor">as the application says</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loading>
      {isOpen && <NewTenant onClose={() => setOpen(false)} />}
    </View>
  );
}

function NewTenant({ onClose }: { onClose: () => void }) {
  const { client } = useDashboard();
  const [tenantId, setTenantId] = useState('');

  async function create(): Promise<void> {
    const id = tenantId.trim();
    await client.ask('/tenant', { method: 'POST', body: { tenantId: id } });
    goTo(linkTo(['tenants', id.toLowerCase()]));
  }

  return (
    <Dialog title="Create tenant" onClose={onClose}>
      <Form submit="Create tenant" onSubmit={create} onCancel={onClose} isDisabled={tenantId.trim() === ''}>
        <Field
          label="Tenant id"
          value={tenantId}
          onValue={setTenantId}
          autocomplete="off"
          hint="It is part of paths, and does not change: lower case letters, digits and hyphens."
        />
      </Form>
    </Dialog>
  );
}
