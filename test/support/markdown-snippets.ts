import { basename, dirname, join } from 'node:path';
import ts from 'typescript';

/** A block of TypeScript in a Markdown page, as a module of its own. */
export interface Snippet {
  /** For messages: the page, and which of its blocks. */
  where: string;
  /** Below a folder for all snippets. Blocks of one page are in one folder, so that they import each other by their names. */
  file: string;
  code: string;
}

/** By module, the names that a block may use without importing them. */
export type ImplicitNames = ReadonlyMap<string, ReadonlySet<string>>;

const BLOCK = /(?:<!-- ts\n(?<hidden>.*?)-->\n+)?^(?<indent> *)```ts\n(?<shown>.*?)^ *```$/gms;
const PLACE = /^ *\/\/ snippet\n/m;
const FILE_NAME = /^\/\/ (?<name>[\w./-]+\.ts)\n/;

/**
 * The blocks of a page. The first line of a block may name its file. A comment `<!-- ts … -->` before a block is code that readers
 * do not need, such as what declares a service of theirs: it stands before the block, or around it, where it has the line `// snippet`.
 * @param implicit names that need no import; then what other blocks of the page export needs none either
 */
export function snippetsOf(page: string, markdown: string, implicit?: ImplicitNames): Snippet[] {
  const folder = basename(page, '.md').toLowerCase();
  const taken = new Set<string>();
  const blocks = [...markdown.matchAll(BLOCK)].map(({ groups }, at) => {
    const { hidden = '', indent = '', shown = '' } = groups!;
    const block = shown.replace(new RegExp(`^${indent}`, 'gm'), '');
    const name = FILE_NAME.exec(block)?.groups!.name ?? '';
    const file = name !== '' && !taken.has(name) ? name : join(dirname(name), `block-${at + 1}.ts`);
    taken.add(file);
    const [before = '', after = ''] = hidden.split(PLACE);
    return { where: `${page}, block ${at + 1}`, file, source: parsed(before + block + after) };
  });
  const ofPage = blocks.map(
    ({ file, source }) => [`./${file.replace(/ts$/, 'js')}`, declaredNames(source, hasExport)] as const,
  );
  return blocks.map(({ where, file, source }) => {
    const imports = implicit === undefined ? '' : importsFor(source, [...ofPage, ...implicit]);
    return { where, file: `${folder}/${file}`, code: `${imports}${source.text}\nexport {};\n` };
  });
}

/** How many blocks a page has by its fences, so that none is passed over. */
export function countBlocks(markdown: string): number {
  return markdown.match(/^ *```ts\b/gm)?.length ?? 0;
}

function parsed(text: string): ts.SourceFile {
  return ts.createSourceFile('snippet.ts', text, ts.ScriptTarget.ES2023);
}

/** On one line, so that the numbers of lines stay. The first module that has a name wins. */
function importsFor(source: ts.SourceFile, modules: (readonly [string, ReadonlySet<string>])[]): string {
  const declared = declaredNames(source, () => true);
  const wanted = new Set([...source.text.matchAll(/[\w$]+/g)].map(([word]) => word));
  return modules
    .map(([module, names]) => {
      const found = [...wanted].filter((name) => names.has(name) && !declared.has(name));
      for (const name of found) wanted.delete(name);
      return found.length === 0 ? '' : `import { ${found.join(', ')} } from '${module}'; `;
    })
    .join('');
}

function declaredNames(source: ts.SourceFile, isWanted: (node: ts.Statement) => boolean): Set<string> {
  const names = source.statements.filter(isWanted).flatMap((statement): string[] => {
    if (ts.isImportDeclaration(statement)) return importedNames(statement.importClause);
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
    }
    const name = (statement as ts.Statement & { name?: ts.Node }).name;
    return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
  });
  return new Set(names);
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  const named = bindings === undefined ? [] : ts.isNamedImports(bindings) ? bindings.elements : [bindings];
  return [...(clause?.name === undefined ? [] : [clause.name]), ...named.map(({ name }) => name)].map(
    ({ text }) => text,
  );
}

function hasExport(node: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}
