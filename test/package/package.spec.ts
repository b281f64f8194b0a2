import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PackedLibrary, runScript } from '../support/packed-library.js';

const OPTIONS = `{
  appInfo: { appName: 'Test', apiDomain: 'http://127.0.0.1:3000', websiteDomain: 'http://127.0.0.1:3000' },
  core: { sqlite: ':memory:', passwordHashing: { memoryCostKiB: 64, timeCost: 1 } },
  emailDelivery: { useClass: RecordedEmailDelivery },
  recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init()],
}`;

/** Signs somebody up in an application of each of the options. */
const started = (...options: string[]) => `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AuthModule, EmailPasswordRecipe, SessionRecipe } from 'latchkey';
import { AuthTestClient, RecordedEmailDelivery } from 'latchkey/testing';

for (const options of [${options.join(', ')}]) {
  try {
    const app = await NestFactory.create(AuthModule.forRoot(options), { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    const response = await new AuthTestClient({ url: await app.getUrl() }).signUp('ada@example.com', 'correct-horse-1');
    console.log((await response.json()).status);
    await app.close();
  } catch (error) {
    console.log(error.constructor.name + ': ' + error.message);
  }
}
`;

const VITEST = `
import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { AuthModule, EmailPasswordRecipe, SessionRecipe } from 'latchkey';
import { RecordedEmailDelivery, signIn, TestClock, withInMemoryCore } from 'latchkey/testing';
import { expect, it } from 'vitest';

it('has somebody signed in, until the session expires', async () => {
  const clock = new TestClock();
  const builder = Test.createTestingModule({ imports: [AuthModule.forRoot(${OPTIONS})] });
  const app = (await withInMemoryCore(builder).compile()).createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  const ann = await signIn(app, 'ann@example.com');
  const refresh = async () => {
    const headers = { authorization: 'Bearer ' + ann.refreshToken };
    return (await fetch(await app.getUrl() + '/auth/session/refresh', { method: 'POST', headers })).status;
  };
  expect(await refresh()).toBe(200);
  clock.moveSeconds(101 * 86_400);
  expect(await refresh()).toBe(401);
  clock.restore();
  await app.close();
});
`;

describe('The package', () => {
  let library: PackedLibrary;
  /** All peers, and those without which it may be. */
  let complete: string;
  let bare: string;
  let optional: string[];

  beforeAll(() => {
    library = new PackedLibrary();
    optional = Object.keys(library.manifest.peerDependenciesMeta);
    complete = library.install('complete', { extras: ['@nestjs/platform-express', '@nestjs/testing', 'vitest'] });
    bare = library.install('bare', { without: optional });
  }, 120_000);
  afterAll(() => library.remove());

  it('holds the built library, the core service, the dashboard and their papers, and nothing else', () => {
    const outside = library.files.filter((file) => !/^dist\/(lib|src|commonjs)\//.test(file));

    expect(outside).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/dashboard/dashboard.css',
      'dist/dashboard/dashboard.js',
      'lib/schematics/collection.json',
      'package.json',
    ]);
    expect(library.files).toEqual(
      expect.arrayContaining(
        ['lib/index', 'lib/testing/index', 'lib/recipe-kit', 'src/index'].flatMap((name) => [
          `dist/${name}.js`,
          `dist/${name}.d.ts`,
        ]),
      ),
    );
  });

  it('has a page of the dashboard that is small, and names nothing of another origin', () => {
    const texts = ['dashboard.css', 'dashboard.js'].map((name) => library.read(`dist/dashboard/${name}`));

    expect(texts.map((text) => gzipSync(text).length).reduce((all, one) => all + one)).toBeLessThan(150_000);
    const origins = texts.join().match(/(?:https?:)?\/\/[\w-]+\.[\w.-]+/g);
    // The namespaces of SVG and MathML.
    expect([...new Set(origins)]).toEqual(['http://www.w3.org']);
  });

  it('holds neither sources nor tests', () => {
    const unwanted = library.files.filter(
      (file) => /\.(spec|test)\./.test(file) || /(?<!\.d)\.ts$/.test(file) || /\.(map|sqlite|env)$/.test(file),
    );

    expect(unwanted).toEqual([]);
  });

  it('depends on nothing that is compiled, or runs a script, when it is installed', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { dev?: true; hasInstallScript?: true }>;
    };
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);

    expect(scripted.map(([name]) => name)).toContain('node_modules/better-sqlite3');
    expect(scripted.filter(([, { dev }]) => !dev)).toEqual([]);
  });

  it('has every sub-path for import, for require, and for a resolution that reads no exports', () => {
    const { exports, typesVersions } = library.manifest;
    const { '.': main, './package.json': _manifest, ...subPaths } = exports;

    for (const target of [main, ...Object.values(subPaths)]) {
      const file = (target as { default: { default: string } }).default.default;
      const types = file.replace(/js$/, 'd.ts');
      const commonJs = file.replace('dist/', 'dist/commonjs/');
      expect(target).toEqual({
        require: { types: commonJs.replace(/js$/, 'd.ts'), 'module-sync': file, default: commonJs },
        default: { types, default: file },
      });
      expect(library.files).toEqual(expect.arrayContaining([file, commonJs].map((path) => path.slice(2))));
    }
    expect(Object.keys(typesVersions['*'])).toEqual(Object.keys(subPaths).map((path) => path.slice(2)));
  });

  it('gives import and require of one process the same classes', () => {
    const paths = Object.keys(library.manifest.exports).filter((path) => path !== './package.json');
    const script = `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      for (const path of ${JSON.stringify(paths.map((path) => path.replace('.', 'latchkey')))}) {
        const [imported, required] = [await import(path), require(path)];
        console.log(Object.keys(imported).every((name) => imported[name] === required[name]));
      }`;

    expect(runScript(complete, script)).toMatchObject({ stdout: 'true\n'.repeat(paths.length), stderr: '' });
  });

  it('has helpers for tests that work in Vitest', () => {
    writeFileSync(join(complete, 'sign-in.test.mjs'), VITEST);

    const vitest = join(complete, 'node_modules/vitest/vitest.mjs');
    const run = spawnSync(process.execPath, [vitest, 'run', '--pool=threads', '--testTimeout=60000'], {
      cwd: complete,
      encoding: 'utf8',
    });

    expect(run.stdout + run.stderr).toContain('1 passed');
    expect(run.status).toBe(0);
  });

  it('works where no optional peer but a driver is installed, and says what to install for tracing', () => {
    const without = optional.filter((name) => name !== 'better-sqlite3');
    const folder = library.install('with-driver', { extras: ['@nestjs/platform-express'], without });

    const traced = OPTIONS.replace('recipeList:', 'tracing: true, recipeList:');
    expect(runScript(folder, started(OPTIONS, traced)).stdout).toBe(
      'OK\nConfigurationError: AuthModule tracing: the package @opentelemetry/api does not load. Install it: ' +
        'npm install @opentelemetry/api, or remove tracing.\n',
    );
  });

  it('uses the SQLite of Node where the package is missing, or says what to install', () => {
    const folder = library.install('without-driver', { extras: ['@nestjs/platform-express'], without: optional });

    const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
    const hasSqlite = major > 22 || (major === 22 && minor >= 13);
    expect(runScript(folder, started(OPTIONS)).stdout).toBe(
      hasSqlite
        ? 'OK\n'
        : `ConfigurationError: core: { sqlite } needs the package better-sqlite3 on Node ${process.versions.node}, and it is ` +
            'not installed. Use Node 22.13 or later, which has SQLite itself, or install it: npm install better-sqlite3@12\n',
    );
  });

  it('says what to install where the core service lacks its web framework', () => {
    const command = join(bare, 'node_modules/latchkey/dist/src/cli/latchkey.js');

    expect(spawnSync(process.execPath, [command, 'core'], { cwd: bare, encoding: 'utf8' })).toMatchObject({
      status: 1,
      stderr:
        'The core service needs the package @nestjs/platform-fastify, which is not installed. ' +
        'Install it: npm install @nestjs/platform-fastify\n',
    });
    expect(spawnSync(process.execPath, [command, '--help'], { cwd: bare })).toMatchObject({ status: 0 });
  });

  it('imports neither a web framework nor a driver by itself, and has no way to what is not public', () => {
    const script = `
      import 'reflect-metadata';
      console.log(Object.keys(await import('latchkey')).includes('AuthModule'));
      await import('latchkey/dist/lib/auth.module.js').catch(({ code }) => console.log(code));`;

    expect(runScript(bare, script)).toMatchObject({ stdout: 'true\nERR_PACKAGE_PATH_NOT_EXPORTED\n', stderr: '' });
  });
});
