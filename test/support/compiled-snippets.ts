import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { countBlocks, type ImplicitNames, type Snippet, snippetsOf } from './markdown-snippets.js';
import type { StrictCompiler } from './strict-compiler.js';

/** Where names that a block of a guide does not import come from. The first that has a name wins. */
const IMPLICIT = [
  'latchkey',
  'latchkey/testing',
  'latchkey/recipe-kit',
  'latchkey/core-service',
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/testing',
  '@jest/globals',
];

/** And then from here. */
const READER = 'test/package/reader.ts';

/** README and the guides: their text by their path. */
export function pagesForUsers(): Map<string, string> {
  const files = readdirSync('docs/guides').filter((name) => name.endsWith('.md'));
  const guides = files.map((name) => `docs/guides/${name}`);
  return new Map(['README.md', ...guides].map((page) => [page, readFileSync(page, 'utf8')]));
}

/**
 * Compiles all blocks of the pages, as modules of an application in strict mode. A page that declares the names of roles is an
 * application of its own: they count for all of its modules.
 * @param folder an application with the package in its `node_modules`
 */
export function complaintsOfSnippets(
  folder: string,
  pages: ReadonlyMap<string, string>,
  compiler: StrictCompiler,
): string[] {
  written(folder, { file: 'package.json', code: '{ "type": "module" }' });
  const snippetsFolder = join(folder, 'snippets');
  written(snippetsFolder, { file: 'reader.ts', code: readFileSync(READER, 'utf8') });
  const names = written(snippetsFolder, { file: 'page/names.ts', code: imports() });
  const implicit = namesOf(compiler.program([names]), names);
  const complaints: string[] = [];
  const apart = new Map<string, string>();
  const together = new Map<string, string>();
  for (const [page, text] of pages) {
    const places = text.includes('interface RoleNames') ? apart : together;
    const markdown = withoutExcerpts(page, text);
    // README is complete as printed.
    const snippets = snippetsOf(page, markdown, page === 'README.md' ? undefined : implicit);
    for (const snippet of snippets) places.set(written(snippetsFolder, snippet), snippet.where);
    if (snippets.length !== countBlocks(markdown)) complaints.push(`${page}: a block is not read`);
  }
  return [...complaints, ...complaintsOf(together, compiler), ...complaintsOf(apart, compiler)];
}

/** @param places what to say of a file, by its path */
function complaintsOf(places: ReadonlyMap<string, string>, compiler: StrictCompiler): string[] {
  const complaints: string[] = [];
  const all = compiler.program(places.keys());
  for (const [file, where] of places) {
    const source = all.getSourceFile(file)!;
    for (const { messageText, start } of [
      ...all.getSyntacticDiagnostics(source),
      ...all.getSemanticDiagnostics(source),
    ]) {
      const line = source.text.slice(0, start).split('\n').length - 1;
      complaints.push(
        `${where}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}\n  ${source.text.split('\n')[line]!.trim()}`,
      );
    }
  }
  return complaints;
}

/** test/docs/recipe-files compares these with files of the tests, which are compiled. */
function withoutExcerpts(page: string, markdown: string): string {
  return page === 'docs/guides/your-own-recipe.md'
    ? markdown.replace(/^```ts\n\/\/ [\w.-]+\.ts\n.*?^```$/gms, '')
    : markdown;
}

function imports(): string {
  return [...IMPLICIT, '../reader.js'].map((name, at) => `import * as module${at} from '${name}';\n`).join('');
}

function written(folder: string, { file, code }: Pick<Snippet, 'file' | 'code'>): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
  return path;
}

function namesOf(program: ts.Program, file: string): ImplicitNames {
  const checker = program.getTypeChecker();
  const declarations = program.getSourceFile(file)!.statements.filter(ts.isImportDeclaration);
  return new Map(
    declarations.map(({ moduleSpecifier }) => {
      const symbol = checker.getSymbolAtLocation(moduleSpecifier);
      const exported = symbol === undefined ? [] : checker.getExportsOfModule(symbol);
      return [(moduleSpecifier as ts.StringLiteral).text, new Set(exported.map(({ name }) => name))] as const;
    }),
  );
}
