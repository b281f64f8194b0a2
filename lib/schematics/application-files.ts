import { dirname } from 'node:path/posix';
import { EditedSource } from './edited-source.js';
import type { Tree } from './tree.js';
import type { TypeScript } from './typescript-of-project.js';

/** Where options are handed over, beside a class decorated with `@Module`. */
export const FOR_ROOT = ['AuthModule.forRoot', 'AuthModule.forRootAsync'];

export interface Project {
  tree: Tree;
  typescript: TypeScript;
}

/** @returns the sources below a folder that call one of these functions, without tests and declarations */
export function filesThatCall(
  { tree, typescript }: Project,
  sourceRoot: string,
  names: readonly string[],
): EditedSource[] {
  const found: EditedSource[] = [];
  tree.getDir(sourceRoot).visit((path) => {
    if (!path.endsWith('.ts') || /\.(d|spec|test)\.ts$|\/node_modules\//.test(path)) return;
    const text = tree.readText(path);
    if (!names.some((name) => text.includes(name))) return;
    const source = new EditedSource(typescript, path, text);
    if (source.callsOf(...names).length > 0) found.push(source);
  });
  return found;
}

/** @returns whether `.js` files of a folder are ES modules to Node */
export function isEsm(tree: Tree, path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const manifest = `${folder === '/' ? '' : folder}/package.json`;
    if (tree.exists(manifest)) return (JSON.parse(tree.readText(manifest)) as { type?: string }).type === 'module';
    if (folder === '/' || folder === '.') return false;
  }
}

/** As people name it, without the slash that trees begin with. */
export function shown(path: string): string {
  return path.replace(/^\//, '');
}
