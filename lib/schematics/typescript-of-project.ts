import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type ts from 'typescript';

export type TypeScript = typeof ts;

/**
 * The compiler that the project has, else that of the CLI.
 * @throws neither is there, or it cannot be asked for a syntax tree, as that of TypeScript 7
 */
export function typescriptOfProject(): TypeScript {
  const require = createRequire(import.meta.url);
  for (const folder of [process.cwd(), dirname(process.argv[1] ?? '.')]) {
    try {
      const found = require(require.resolve('typescript', { paths: [folder] })) as Partial<TypeScript>;
      if (typeof found.createSourceFile === 'function') return found as TypeScript;
    } catch {
      // The next folder may have it.
    }
  }
  throw new Error(
    'Latchkey edits your files by TypeScript 5 or 6, and found neither. Install one: npm install -D typescript@6',
  );
}
