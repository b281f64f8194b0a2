import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(join(root, 'docs/guides/options.md'), 'utf8');
/** The words of the names in the first column of the guide's tables, such as `appInfo.appName`. */
const documented = new Set([...guide.matchAll(/^\| `([^`]+)`/gm)].flatMap(([, option]) => option!.match(/\w+/g) ?? []));

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
  /Options$|^(?:AppInfo|EmailBrand|SessionErrorHandlers|ProviderClientConfig|ThirdPartyConfig)$/.test(name) &&
  !INTERNAL.has(name);

function optionInterfaces(): { name: string; options: string[] }[] {
  const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    // Schematics describe theirs in a schema.json, which the CLI of Nest shows.
    .filter((file) => /(?<!\.spec)\.ts$/.test(file) && !/^(?:testing|schematics)\b/.test(file))
    .map((file) => join(root, 'lib', file));
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    return source.statements
      .filter((statement) => ts.isInterfaceDeclaration(statement))
      .filter(({ name }) => isOptions(name.text))
      .map(({ name, members }) => ({
        name: name.text,
        options: members.flatMap((member) => (member.name && ts.isIdentifier(member.name) ? [member.name.text] : [])),
      }));
  });
}

describe('docs/guides/options.md', () => {
  const interfaces = optionInterfaces();

  it('is compared with the options in code', () => {
    expect(interfaces.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['AppInfo', 'AuthRuntimeOptions', 'SessionOptions', 'SmtpOptions']),
    );
  });

  it.each(interfaces)('names every option of $name', ({ options }) => {
    expect(options.filter((option) => !documented.has(option))).toEqual([]);
  });
});
