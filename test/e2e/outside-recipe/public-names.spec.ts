import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const folder = new URL('badges/', import.meta.url);
const files = readdirSync(folder);

describe('The recipe from elsewhere', () => {
  it.each(files)('imports public names and its own files only: %s', (file) => {
    const imports = readFileSync(new URL(file, folder), 'utf8').matchAll(/ from '([^']+)'/g);
    const others = [...imports]
      .map(([, from]) => from!)
      .filter((from) => !/^(latchkey(\/recipe-kit|\/core-service)?|@nestjs\/common|zod|\.\/[\w.-]+)$/.test(from));

    expect(others).toEqual([]);
  });

  it('is named nowhere in lib and src', () => {
    const sources = ['lib', 'src'].flatMap((root) => {
      const at = new URL(`../../../${root}/`, import.meta.url);
      return readdirSync(at, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
        .map((file) => readFileSync(new URL(file, at), 'utf8'));
    });

    expect(sources.length).toBeGreaterThan(300);
    expect(sources.filter((source) => /badge/i.test(source))).toEqual([]);
  });
});
