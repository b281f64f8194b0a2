import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CLASS = /^ *(?:export )?class (\w+) extends \w+/m;

/**
 * Finds the overrides among the sources of the sample, for its front page: what it shows is what runs.
 * @returns {{ className: string, file: string, summary: string, code: string }[]} without imports
 */
export function overrideSources(folder) {
  const files = readdirSync(folder, { recursive: true }).filter(
    (file) => /^[^/]+\/.*\.ts$/.test(file) && !/^(web|login)\//.test(file) && !file.endsWith('.spec.ts'),
  );
  return files.sort().flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    const className = CLASS.exec(source)?.[1];
    if (className === undefined || !/^ +override /m.test(source)) return [];
    const afterImports = source.slice(source.lastIndexOf("';\n", source.search(CLASS)) + 3).trimStart();
    const [comment = ''] = /^\/\*\*[\s\S]*?\*\/\n/.exec(afterImports) ?? [];
    return [{ className, file, summary: textOf(comment), code: afterImports.slice(comment.length).trimEnd() }];
  });
}

function textOf(comment) {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\/?\*+\/?|\*\/\s*$/g, '').trim());
  return lines.join(' ').trim();
}
