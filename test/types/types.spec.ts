import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');

/** With the settings of the repository, every complaint of TypeScript about these files. */
function complaintsAbout(files: string[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(files, { ...options, noEmit: true });
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (source === undefined) return [`${file} was not found`];
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) => {
        const line = source.getLineAndCharacterOfPosition(start).line + 1;
        return `${file}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      },
    );
  });
}

const files = readdirSync(here)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
  .map((name) => join(here, name));

describe('Types', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-types-'));
  const mistakes = join(folder, 'mistakes.mts');
  let complaints: string[];

  beforeAll(() => {
    writeFileSync(
      mistakes,
      [
        "import { SessionRecipe } from 'latchkey';",
        "SessionRecipe.init({ antiCsrf: 'VIA_HEADER' });",
        '// @ts-expect-error this one is fine',
        "SessionRecipe.init({ antiCsrf: 'NONE' });",
      ].join('\n'),
    );
    complaints = complaintsAbout([...files, mistakes]);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('allow what they should and forbid what they should', () => {
    expect(files).toEqual(
      expect.arrayContaining(['options.ts', 'overrides.ts', 'session.ts'].map((name) => join(here, name))),
    );
    expect(complaints.filter((complaint) => !complaint.startsWith(mistakes))).toEqual([]);
  });

  it('are really looked at: a mistake and a forbidden thing that is allowed are both complained about', () => {
    expect(complaints.filter((complaint) => complaint.startsWith(mistakes))).toEqual([
      expect.stringMatching(/mistakes\.mts:2 .*"VIA_HEADER"/),
      expect.stringMatching(/mistakes\.mts:3 Unused '@ts-expect-error' directive/),
    ]);
  });
});
