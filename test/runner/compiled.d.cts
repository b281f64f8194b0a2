/** JavaScript for a TypeScript source, and where its source map is. */
export function compiled(path: string, source: string): { code: string; map: string };
export function sourceMapOf(path: string, source: string): string | undefined;
