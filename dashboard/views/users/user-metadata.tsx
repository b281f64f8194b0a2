import { useEffect, useState } from 'preact/hooks';
import { useDashboard } from '../../elements/dashboard-context.js';
import { TextArea } from '../../elements/field.js';
import { Form } from '../../elements/form.js';
import { complaintAboutJson } from '../../elements/json-object.js';
import { Loading } from '../../elements/loading.js';
import { useNotices } from '../../elements/notices.js';
import { Section } from '../../elements/view.js';
import { useLoad } from '../../hooks/use-load.js';

/** What is noted about a user, as JSON. */
export function UserMetadata({ userId }: { userId: string }) {
  const { client } = useDashboard();
  const loaded = useLoad(
    (signal) => client.ask<{ data: object }>('/user/metadata', { signal, query: { userId } }),
    [userId],
  );
  return (
    <Section title="Metadata">
      <Loading loaded={loaded} lines={6}>
        {({ data }) => <Editor userId={userId} stored={JSON.stringify(data, null, 2)} onSaved={loaded.reload} />}
      </Loading>
    </Section>
  );
}

function Editor({ userId, stored, onSaved }: { userId: string; stored: string; onSaved: () => Promise<void> }) {
  const { client, access } = useDashboard();
  const notices = useNotices();
  const [text, setText] = useState(stored);
  useEffect(() => setText(stored), [stored]);
  const complaint = complaintAboutJson(text);

  async function store(data: string): Promise<void> {
    await client.ask('/user/metadata', { method: 'PUT', body: { userId, data } });
    await onSaved();
  }

  async function save(): Promise<void> {
    await store(text);
    notices.done('The metadata is saved.', () => store(stored));
  }

  if (!access.mayWrite) return <pre class="json">{stored}</pre>;
  return (
    <Form
      submit="Save metadata"
      kind="plain"
      isDisabled={complaint !== undefined || text === stored}
      onSubmit={save}
      onCancel={text === stored ? undefined : () => setText(stored)}
    >
      <TextArea label="JSON object" value={text} onValue={setText} error={complaint} rows={8} />
    </Form>
  );
}
