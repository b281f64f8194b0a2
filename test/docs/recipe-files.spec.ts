import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const architecture = readFileSync(`${root}docs/architecture.md`, 'utf8');
const sources = ['lib', 'src'].flatMap((folder) =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => /(?<!\.spec)\.ts$/.test(file)),
);

/** Files that name the recipe, in whatever spelling, and are not its own. */
function otherFiles(recipe: string): string[] {
  const name = new RegExp(recipe.replaceAll('-', '[-_]?'), 'i');
  const recipeFile = new RegExp(`(^|[/-])${recipe}([./-]|$)`);
  return sources.filter((file) => !recipeFile.test(file) && name.test(readFileSync(root + file, 'utf8')));
}

describe('docs/architecture.md', () => {
  const documented = [...architecture.matchAll(/^\| `(email-verification|email-password|third-party)` +\| (\d+)/gm)];

  it('counts three recipes', () => {
    expect(documented.map(([, recipe]) => recipe)).toEqual(['email-verification', 'email-password', 'third-party']);
  });

  it.each(documented.map(([, recipe, count]) => [recipe!, Number(count)] as const))(
    'says in how many other files %s is named',
    (recipe, count) => {
      const others = otherFiles(recipe);
      expect({ files: others, count: others.length }).toEqual({ files: others, count });
    },
  );

  it.each(['email-verification', 'email-password', 'third-party'])(
    'names the lists in which %s is one line',
    (recipe) => {
      const lists = ['lib/core/parts/core-parts.ts', 'src/core-service.module.ts', 'lib/index.ts'];
      expect(otherFiles(recipe)).toEqual(expect.arrayContaining(lists));
      expect(lists.filter((list) => !architecture.includes(`\`${list}\``))).toEqual([]);
    },
  );
});

describe('docs/guides/your-own-recipe.md', () => {
  const guide = readFileSync(`${root}docs/guides/your-own-recipe.md`, 'utf8');
  const snippets = [...guide.matchAll(/```ts\n\/\/ ([\w.-]+)\n([^]*?)```/g)].map(
    ([, file, code]) => [file!, code!] as const,
  );

  it('shows lines of the recipe that the tests run', () => {
    expect(snippets.length).toBeGreaterThan(8);
    const wrong = snippets.flatMap(([file, code]) => {
      const source = readFileSync(`${root}test/e2e/outside-recipe/badges/${file}`, 'utf8')
        .split('\n')
        .map((line) => line.trim());
      return code.split('\n').filter((line) => line.trim() !== '' && !source.includes(line.trim()));
    });
    expect(wrong).toEqual([]);
  });
});
