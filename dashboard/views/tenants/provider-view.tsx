import { useState } from 'preact/hooks';
import type { ProviderClient, ProviderConfig } from '../../client/answers.types.js';
import { useDashboard } from '../../elements/dashboard-context.js';
import { Field, TextArea } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { complaintAboutJson } from '../../elements/json-object.js';
import { Loading } from '../../elements/loading.js';
import { useNotices } from '../../elements/notices.js';
import { View } from '../../elements/view.js';
import { goTo, linkTo } from '../../hooks/place.js';
import { useLoad } from '../../hooks/use-load.js';

/** A provider of a tenant: a new one where no id is given. */
export function ProviderView({ tenantId, thirdPartyId }: { tenantId: string; thirdPartyId?: string }) {
  const { client } = useDashboard();
  const loaded = useLoad<{ providerConfig: ProviderConfig }>(
    async (signal) => {
      if (thirdPartyId === undefined) return { providerConfig: { thirdPartyId: '' } };
      return client.ask('/thirdparty/config', { signal, tenantId, query: { thirdPartyId } });
    },
    [tenantId, thirdPartyId],
  );
  return (
    <View title={thirdPartyId ?? 'Add provider'}>
      <p class="note">
        <a href={linkTo(['tenants', tenantId])}>Tenant {tenantId}</a>
      </p>
      <Loading loaded={loaded} lines={8}>
        {({ providerConfig }) => (
          <section class="box narrow">
            <Editor tenantId={tenantId} stored={providerConfig} isNew={thirdPartyId === undefined} />
          </section>
        )}
      </Loading>
    </View>
  );
}

function Editor({ tenantId, stored, isNew }: { tenantId: string; stored: ProviderConfig; isNew: boolean }) {
  const { client, access } = useDashboard();
  const notices = useNotices();
  const { thirdPartyId, name, clients = [], ...further } = withoutAnswers(stored);
  const [firstClient = { clientId: '' } as ProviderClient, ...otherClients] = clients;
  const [id, setId] = useState(thirdPartyId);
  const [shownName, setShownName] = useState(name ?? '');
  const [clientId, setClientId] = useState(firstClient.clientId);
  const [clientSecret, setClientSecret] = useState(firstClient.clientSecret ?? '');
  const [scopes, setScopes] = useState((firstClient.scope ?? []).join(' '));
  const [more, setMore] = useState(Object.keys(further).length === 0 ? '' : JSON.stringify(further, null, 2));
  const complaint = more.trim() === '' ? undefined : complaintAboutJson(more);

  async function save(): Promise<void> {
    const scope = scopes.split(/\s+/).filter(Boolean);
    const changedClient = {
      ...firstClient,
      clientId: clientId.trim(),
      ...(clientSecret === '' ? {} : { clientSecret }),
      scope: scope.length === 0 ? undefined : scope,
    };
    const providerConfig = {
      ...(more.trim() === '' ? {} : (JSON.parse(more) as object)),
      thirdPartyId: id.trim(),
      name: shownName.trim() || undefined,
      clients: [changedClient, ...otherClients],
    };
    await client.ask('/thirdparty/config', { method: 'PUT', tenantId, body: { providerConfig } });
    notices.done(`${id.trim()} is saved.`);
    goTo(linkTo(['tenants', tenantId]));
  }

  return (
    <Form
      submit="Save provider"
      onSubmit={save}
      onCancel={() => goTo(linkTo(['tenants', tenantId]))}
      isDisabled={!access.mayWrite || id.trim() === '' || clientId.trim() === '' || complaint !== undefined}
    >
      {isNew && (
        <Field
          label="Provider id"
          value={id}
          onValue={setId}
          autocomplete="off"
          placeholder="google"
          hint="Known ones, such as google, github or apple, bring their addresses; others need them below."
        />
      )}
      <Field label="Name" value={shownName} onValue={setShownName} autocomplete="off" placeholder="Google" />
      <Field label="Client id" value={clientId} onValue={setClientId} autocomplete="off" />
      <Field label="Client secret" type="password" value={clientSecret} onValue={setClientSecret} autocomplete="off" />
      <Field
        label="Scopes"
        value={scopes}
        onValue={setScopes}
        autocomplete="off"
        placeholder="openid email"
        hint="With spaces between them. Empty for those of the provider."
      />
      <TextArea
        label="Further settings, as JSON"
        value={more}
        onValue={setMore}
        error={complaint}
        hint="Such as oidcDiscoveryEndpoint or userInfoMap."
      />
    </Form>
  );
}

/** What the wire answers beside the configuration is no part of it. */
function withoutAnswers(config: ProviderConfig): ProviderConfig {
  const kept = Object.entries(config).filter(([name]) => !/^is.*Overridden$/.test(name));
  return Object.fromEntries(kept) as ProviderConfig;
}
