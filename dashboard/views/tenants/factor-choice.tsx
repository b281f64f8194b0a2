import { useDashboard } from '../../elements/dashboard-context.js';
import { useNotices } from '../../elements/notices.js';
import { useAction } from '../../elements/use-action.js';
import { factorName } from './factors.js';

export interface FactorChoiceProps {
  tenantId: string;
  /** The route that changes one of them. */
  path: string;
  factors: string[];
  chosen: string[];
  onChanged: () => Promise<void>;
}

/** Which factors a tenant has: each is changed at once. */
export function FactorChoice({ tenantId, path, factors, chosen, onChanged }: FactorChoiceProps) {
  const { client, access } = useDashboard();
  const notices = useNotices();
  const [run, isBusy] = useAction();
  const all = [...new Set([...factors, ...chosen])];

  async function change(factorId: string, enable: boolean): Promise<void> {
    await client.ask(path, { method: 'PUT', tenantId, body: { factorId, enable } });
    await onChanged();
  }

  const changeAndTell = (factorId: string, enable: boolean) =>
    run(async () => {
      await change(factorId, enable);
      notices.done(`${factorName(factorId)} is ${enable ? 'on' : 'off'}.`, () => change(factorId, !enable));
    });

  return (
    <div>
      {all.map((factorId) => {
        const isChosen = chosen.includes(factorId);
        return (
          <label key={factorId} class="check">
            <input
              type="checkbox"
              checked={isChosen}
              disabled={isBusy || !access.mayWrite}
              onClick={(event) => {
                // What the server says is shown.
                event.preventDefault();
                void changeAndTell(factorId, !isChosen);
              }}
            />
            {factorName(factorId)}
          </label>
        );
      })}
    </div>
  );
}
