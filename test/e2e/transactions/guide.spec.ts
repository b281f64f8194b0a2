import { describe, expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';

const GUIDE = 'docs/guides/transactions.md';
const FOLDER = 'test/e2e/transactions';

describe('The guide to transactions', () => {
  it.each(['with-kysely.ts', 'joined-entity-manager.ts', 'with-typeorm.ts', 'with-pg.ts', 'with-better-sqlite3.ts'])(
    'shows %s as it is tested',
    async (file) => {
      const code = await readFile(`${FOLDER}/${file}`, 'utf8');
      // A snippet that others import says its file's name first.
      const snippets = (await readFile(GUIDE, 'utf8')).replaceAll(`\`\`\`ts\n// ${file}\n`, '```ts\n');
      expect(snippets).toContain(`\`\`\`ts\n${code.trim()}\n\`\`\``);
    },
  );

  it('shows no other class or function that is not tested', async () => {
    const guide = await readFile(GUIDE, 'utf8');
    const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.ts'));
    const tested = (await Promise.all(files.map((name) => readFile(`${FOLDER}/${name}`, 'utf8')))).join('\n');
    const exported = guide.match(/^export .+$/gm) ?? [];
    expect(exported.length).toBeGreaterThan(4);
    for (const line of exported) expect(tested).toContain(line);
  });
});
