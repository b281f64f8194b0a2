import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const installed = fileURLToPath(new URL('../node_modules', import.meta.url));

/** @returns the names of the packages that the files are from */
export function bundledPackages(files) {
  const names = files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** The licenses of packages that become part of ours. */
export function licensesOf(names) {
  return names.map((name) => `${name}\n\n${licenseOf(name)}`).join('\n\n');
}

function licenseOf(name) {
  const file = readdirSync(join(installed, name)).find((each) => /^licen[cs]e(\.\w+)?$/i.test(each));
  if (file === undefined) throw new Error(`${name} has no license that could be handed on`);
  return readFileSync(join(installed, name, file), 'utf8');
}
