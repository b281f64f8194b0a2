import { useDashboard } from '../../elements/dashboard-context.js';
import { Empty, Loading } from '../../elements/loading.js';
import { Tag } from '../../elements/tag.js';
import { Section, View } from '../../elements/view.js';
import { useLoad } from '../../hooks/use-load.js';

interface Override {
  recipe: string;
  layer: 'apis' | 'functions';
  method: string;
  /** The one that is called first before the others. */
  classes: string[];
  isDisabled: boolean;
}

/** Which class of the application replaces which method: what the boot has found. */
export function OverridesView() {
  const { client } = useDashboard();
  const loaded = useLoad(
    (signal) => client.ask<{ recipes: string[]; overrides: Override[] }>('/overrides', { signal }),
    [],
  );
  return (
    <View title="What is overridden">
      <p class="note">The class that is called first comes first; each calls the next by super.</p>
      <Loading loaded={loaded} lines={6}>
        {({ recipes, overrides }) => (
          <>
            {overrides.length === 0 && <Empty>Nothing: every method is as Latchkey brings it.</Empty>}
            {recipes.map((recipe) => (
              <RecipeOverrides
                key={recipe}
                recipe={recipe}
                overrides={overrides.filter((override) => override.recipe === recipe)}
              />
            ))}
            <Untouched recipes={recipes.filter((recipe) => overrides.every((one) => one.recipe !== recipe))} />
          </>
        )}
      </Loading>
    </View>
  );
}

function RecipeOverrides({ recipe, overrides }: { recipe: string; overrides: Override[] }) {
  if (overrides.length === 0) return null;
  return (
    <Section title={recipe}>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">Classes, in the order of their calls</th>
          </tr>
        </thead>
        <tbody>
          {overrides.map(({ layer, method, classes, isDisabled }) => (
            <tr key={`${layer}.${method}`}>
              <td>
                <code>{method}</code> <Tag>{layer === 'apis' ? 'API' : 'function'}</Tag>
              </td>
              <td>
                {isDisabled && <Tag kind="warn">disabled</Tag>}
                <code>{classes.join(' → ')}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Untouched({ recipes }: { recipes: string[] }) {
  if (recipes.length === 0) return null;
  return (
    <Section title="As Latchkey brings them">
      {recipes.map((recipe) => (
        <Tag key={recipe}>{recipe}</Tag>
      ))}
    </Section>
  );
}
