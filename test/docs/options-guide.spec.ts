import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(join(root, 'docs/guides/options.md'), 'utf8');

/** The words of the names in the first columns of tables, such as `appInfo.appName`. */
const namesIn = (text: string) => [...text.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, option]) => option!.match(/\w+/g)!);
const sections = guide.split(/^#+ /m).map((section) => new Set(namesIn(section)));

/** Interfaces that are named as options are, but are passed between parts of the library. */
const INTERNAL = new Set([
  'APIOptions',
  'AuthErrorOptions',
  'BootCheckOptions',
  'ControllerOptions',
  'MessageCheckOptions',
  'NetworkOptions',
  'PasswordResetTokenOptions',
  'PostgresDriverOptions',
  'ProviderNetworkOptions',
  'ResolvedSmtpOptions',
  'SigningKeyOptions',
]);

const isOptions = (name: string) =>
  /Options$|^(?:AppInfo|EmailBrand|SessionErrorHandlers|ProviderClientConfig|ProviderConfig|ThirdPartyConfig)$/.test(
    name,
  ) && !INTERNAL.has(name);

const sources = ['lib', 'src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    // Schematics describe theirs in a schema.json, which the CLI of Nest shows.
    .filter((file) => /(?<!\.spec)\.ts$/.test(file) && !/^(?:testing|schematics)\b/.test(file))
    .map((file) => join(root, folder, file))
    .map((file) => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)),
);

const namesOf = (members: ts.NodeArray<ts.TypeElement>) =>
  members.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : []));

/** Also those that recipes add to an interface of another file. */
function interfacesIn(node: ts.Node): ts.InterfaceDeclaration[] {
  if (ts.isInterfaceDeclaration(node)) return [node];
  const found: ts.InterfaceDeclaration[] = [];
  ts.forEachChild(node, (child) => void found.push(...interfacesIn(child)));
  return found;
}

function membersIn(node: ts.Node): string[] {
  const names = ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node) ? namesOf(node.members) : [];
  ts.forEachChild(node, (child) => void names.push(...membersIn(child)));
  return names;
}

describe('docs/guides/options.md', () => {
  const interfaces = sources
    .flatMap(interfacesIn)
    .filter(({ name }) => isOptions(name.text))
    .map(({ name, members }) => ({ name: name.text, options: namesOf(members) }));

  it('is compared with the options in code', () => {
    expect(interfaces.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['AppInfo', 'AuthRuntimeOptions', 'CoreServiceOptions', 'SessionOptions', 'SmtpOptions']),
    );
  });

  it.each(interfaces)('names every option of $name in one section', ({ options }) => {
    const missing = sections.map((section) => options.filter((option) => !section.has(option)));

    expect(missing.toSorted((a, b) => a.length - b.length)[0]).toEqual([]);
  });

  it('names no option that the code does not have', () => {
    const members = new Set(sources.flatMap(membersIn));

    expect(namesIn(guide).filter((name) => !members.has(name))).toEqual([]);
  });
});
