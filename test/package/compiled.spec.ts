import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { complaintsOfSnippets, pagesForUsers } from '../support/compiled-snippets.js';
import { PackedLibrary } from '../support/packed-library.js';
import { StrictCompiler } from '../support/strict-compiler.js';

const TRANSPORTS = ['graphql', 'microservices', 'websockets'];
const NEST = ['platform-express', 'swagger', 'terminus', 'testing', 'throttler', ...TRANSPORTS];
const TYPES = ['@types/better-sqlite3', '@types/express', '@types/pg'];
const OTHERS = ['@jest/globals', 'openapi-fetch', 'rxjs', 'typeorm', ...TYPES];

describe('With the types of the package', () => {
  const compiler = new StrictCompiler();
  let library: PackedLibrary;
  let folder: string;

  beforeAll(() => {
    library = new PackedLibrary();
    folder = library.install('typed', { extras: [...NEST.map((name) => `@nestjs/${name}`), ...OTHERS] });
  }, 120_000);
  afterAll(() => library.remove());

  it('every snippet of README and guides compiles, and a mistake does not', () => {
    const mistake = "```ts\nSessionRecipe.init({ antiCsrf: 'TYPO' });\n```";

    const complaints = complaintsOfSnippets(folder, new Map([...pagesForUsers(), ['mistake.md', mistake]]), compiler);
    expect(complaints).toEqual([expect.stringMatching(/^mistake\.md, block 1: .*"TYPO"/)]);
  });
});
