import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { frameworks } from '../support/frameworks.js';
import { PackedLibrary } from '../support/packed-library.js';
import { postgresSchema } from '../support/postgres-schema.js';
import { requestService } from '../support/run-service.js';
import { compiled } from '../runner/compiled.cjs';

const APPLICATION = resolve('test/versions/smoke-application.ts');
const NEST_PACKAGES = ['common', 'core', 'platform-express', 'platform-fastify'].map((name) => `@nestjs/${name}`);

/** The node of this run has NestJS 11, too; everything else runs on it with NestJS 12. */
const VERSIONS = [
  { node: 'of this run', nest: '11' },
  { node: '22', nest: '12' },
  { node: '24', nest: '12' },
  { node: '26', nest: '12' },
];
const runs = VERSIONS.flatMap((versions) => frameworks.map((framework) => ({ ...versions, framework })));

describe('the published package', () => {
  const applications = new Map<string, string>();
  let library: PackedLibrary;

  beforeAll(async () => {
    // They are fetched while this waits for the packages.
    for (const { node } of VERSIONS) if (node !== 'of this run') requestService(`node-${node}`);
    library = new PackedLibrary();
    const { code } = compiled(APPLICATION, readFileSync(APPLICATION, 'utf8'));
    for (const nest of ['11', '12']) {
      // Those of NestJS 12 are the repository's.
      const packages = nest === '11' ? NEST_PACKAGES.map((name) => `${name}@11`) : [];
      const folder = await library.installBeside(`nest-${nest}`, packages, { extras: NEST_PACKAGES });
      writeFileSync(join(folder, 'smoke-application.js'), code);
      applications.set(nest, folder);
    }
  }, 300_000);
  afterAll(() => library.remove());

  // Other versions of Node run on SQLite in sqlite.spec.ts.
  it.each(runs)('serves sessions on Node $node, NestJS $nest, $framework', async ({ node, nest, framework }) => {
    const isHere = node === 'of this run';
    const postgres = postgresSchema();
    const database = isHere ? { sqlite: ':memory:' } : { postgres: postgres.url, schema: postgres.schema };
    const core = { ...database, passwordHashing: { memoryCostKiB: 64, timeCost: 1 } };
    const binary = isHere ? process.execPath : await library.nodeBinary(node);
    try {
      const { stdout } = await promisify(execFile)(
        binary,
        [join(applications.get(nest)!, 'smoke-application.js'), framework, JSON.stringify(core)],
        { env: { PATH: process.env.PATH }, timeout: 60_000 },
      );

      expect(versionOf(applications.get(nest)!, '@nestjs/core')).toBe(nest);
      expect(JSON.parse(stdout)).toEqual({
        node: isHere ? process.versions.node.split('.')[0] : node,
        'without a session': 401,
        'sign-up': 'OK',
        'guarded route': [200, true],
        refresh: 200,
        'guarded route after the refresh': 200,
        'sign-out': 200,
        'guarded route after the sign-out': 401,
      });
    } finally {
      await postgres.drop();
    }
  });
});

function versionOf(folder: string, name: string): string | undefined {
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version.split('.')[0];
}
