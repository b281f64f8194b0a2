import { useState } from 'preact/hooks';
import type { TenantSummary, User } from '../../client/answers.types.js';
import { useDashboard } from '../../elements/dashboard-context.js';
import { Field, Select } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { useNotices } from '../../elements/notices.js';
import { View } from '../../elements/view.js';
import { goTo, linkTo } from '../../hooks/place.js';
import { useLoad } from '../../hooks/use-load.js';
import { contactOf } from './user-texts.js';

const KINDS = [
  ['password', 'Email and password'],
  ['email', 'Passwordless, by email'],
  ['phone', 'Passwordless, by phone'],
] as const;

/** Creates a user, who can sign in at once. */
export function NewUserView() {
  const { client } = useDashboard();
  const notices = useNotices();
  const [kind, setKind] = useState<string>('password');
  const [contact, setContact] = useState('');
  const [password, setPassword] = useState('');
  const [tenantId, setTenantId] = useState('public');
  const tenants = useLoad((signal) => client.ask<{ tenants: TenantSummary[] }>('/tenants', { signal }), []);
  const tenantIds = tenants.value?.tenants.map((tenant) => tenant.tenantId) ?? ['public'];
  const isPhone = kind === 'phone';

  async function create(): Promise<void> {
    const path = kind === 'password' ? '/user/emailpassword' : '/user/passwordless';
    const contactField = isPhone ? { phoneNumber: contact.trim() } : { email: contact.trim() };
    const body = kind === 'password' ? { ...contactField, password } : contactField;
    const { user } = await client.ask<{ user: User }>(path, { method: 'POST', tenantId, body });
    notices.done(`${contactOf(user)} is created.`);
    goTo(linkTo(['users', user.id]), { replaces: true });
  }

  return (
    <View title="Create user">
      <section class="box narrow">
        <Form
          submit="Create user"
          onSubmit={create}
          onCancel={() => goTo(linkTo(['users']))}
          isDisabled={contact.trim() === '' || (kind === 'password' && password === '')}
        >
          <Select label="Signs in by" value={kind} options={KINDS} onValue={setKind} />
          {tenantIds.length > 1 && <Select label="Tenant" value={tenantId} options={tenantIds} onValue={setTenantId} />}
          <Field
            label={isPhone ? 'Phone number' : 'Email'}
            type={isPhone ? 'tel' : 'email'}
            value={contact}
            onValue={setContact}
            autocomplete="off"
          />
          {kind === 'password' && (
            <Field
              label="Password"
              type="password"
              value={password}
              onValue={setPassword}
              autocomplete="new-password"
            />
          )}
        </Form>
      </section>
    </View>
  );
}
