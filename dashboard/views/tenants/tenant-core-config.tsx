import type { CoreConfigField } from '../../client/answers.types.js';
import { Section } from '../../elements/view.js';

/** Settings of the core, to be read: they are the operator's. */
export function TenantCoreConfig({ fields }: { fields: CoreConfigField[] }) {
  if (fields.length === 0) return null;
  return (
    <Section title="Settings of the core">
      <table class="rows">
        <tbody>
          {fields.map(({ key, value, description }) => (
            <tr key={key}>
              <th scope="row">
                {key}
                {description && <div class="minor">{description}</div>}
              </th>
              <td>
                <code>{JSON.stringify(value)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
