// To the library the packages of its sample are for development. An image of the sample needs them, and nothing else of those: this
// makes them dependencies in package.json, so that `npm prune --omit=dev` keeps them. For a copy of the repository, as in the Dockerfile.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifestFile = join(root, 'package.json');
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));

for (const name of ['pg', ...importedPackages(join(root, 'sample-app'))]) {
  const version = manifest.devDependencies[name];
  if (version === undefined) continue;
  manifest.dependencies[name] = version;
  delete manifest.devDependencies[name];
}
writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);

/** Of the server: pages are bundled. Types count, since NestJS loads the platform's package by its name. */
function importedPackages(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !/^(?:login|test|web)\//.test(file),
  );
  const imports = files.flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(
      /^(?:import|export)\b[^;]*?'((?:@[\w.-]+\/)?[\w.-]+)[^']*';/gm,
    ),
  ]);
  return new Set(imports.map(([, name]) => name));
}
