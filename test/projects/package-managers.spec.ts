import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { compiled } from '../runner/compiled.cjs';
import { PackedLibrary } from '../support/packed-library.js';
import { Project } from './project.js';

const SOURCE = 'test/versions/smoke-application.ts';
const NEST = ['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}@12`).join(' ');
const PACKAGES = `${NEST} reflect-metadata rxjs`;
const CORE = JSON.stringify({ sqlite: ':memory:', passwordHashing: { memoryCostKiB: 64, timeCost: 1 } });
/** Yarn stops where a registry lacks the package of one platform; version 2 has not all of them everywhere. */
const COMPLETE_BCRYPT = { '@node-rs/bcrypt': '1.10.8' };
const START = `smoke-application.js Express '${CORE}'`;

describe('an application installed by', () => {
  let library: PackedLibrary;
  let project: Project;
  let application: string;

  beforeAll(() => {
    library = new PackedLibrary();
    application = compiled(SOURCE, readFileSync(SOURCE, 'utf8')).code;
  });
  afterEach(() => project?.remove());
  afterAll(() => library?.remove());

  const manifest = (fields: object = {}) =>
    JSON.stringify({ name: 'app', version: '1.0.0', private: true, type: 'module', ...fields });
  const works = (stdout: string) =>
    expect(JSON.parse(stdout)).toMatchObject({ 'sign-up': 'OK', 'guarded route': [200, true], refresh: 200 });

  it('pnpm, which does not build better-sqlite3, works on Node 24 and says what to do on Node 20', async () => {
    project = await Project.create(library);
    project.write({ 'package.json': manifest(), 'smoke-application.js': application });
    await project.run(`npx -y pnpm@10 add ./latchkey.tgz ${PACKAGES} better-sqlite3@12`);

    const { stdout, stderr } = await project.run(`node ${START}`);
    works(stdout);
    expect(stderr).toMatch(/uses node:sqlite, since better-sqlite3 .* pnpm approve-builds/);

    const onNode20 = await project.on(library, '20');
    await expect(onNode20.run(`node ${START}`)).rejects.toThrow(/does not load on Node 20.*pnpm approve-builds/s);
  });

  it.each([
    { linker: 'node-modules', node: 'node' },
    { linker: 'pnp', node: 'yarn node' },
  ])('Yarn 4, by its linker $linker', async ({ linker, node }) => {
    project = await Project.create(library);
    const yarn = 'node cli/node_modules/@yarnpkg/cli-dist/bin/yarn.js';
    project.write({
      'package.json': manifest({ resolutions: COMPLETE_BCRYPT }),
      '.yarnrc.yml': `nodeLinker: ${linker}\nenableTelemetry: false\nenableImmutableInstalls: false\n`,
      // Else Yarn looks for a project in the folders above.
      'yarn.lock': '',
      'smoke-application.js': application,
    });
    await project.run('npm install --no-audit --no-fund --prefix cli @yarnpkg/cli-dist@4');
    await project.run(`${yarn} add latchkey@file:./latchkey.tgz ${PACKAGES}`);

    works((await project.run(`${node.replace('yarn', yarn)} ${START}`)).stdout);
  });

  it('npm workspaces: two applications, one of them in CommonJS, that share an override', async () => {
    project = await Project.create(library);
    const dependencies = { latchkey: 'file:../../latchkey.tgz', '@nestjs/common': '12' };
    const nest = { ...dependencies, '@nestjs/core': '12', '@nestjs/platform-express': '12', rxjs: '7' };
    const ofApplication = { ...nest, 'reflect-metadata': '0.2', '@acme/shared': '*' };
    project.write({
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'packages/shared/package.json': manifest({ name: '@acme/shared', exports: './index.js', dependencies }),
      'packages/shared/index.js': SHARED,
      'packages/shop/package.json': manifest({ name: '@acme/shop', dependencies: ofApplication }),
      'packages/shop/main.js': SHOP,
      'packages/admin/package.json': manifest({ name: '@acme/admin', type: 'commonjs', dependencies: ofApplication }),
      'packages/admin/main.js': ADMIN,
    });
    await project.run('npm install --no-audit --no-fund');

    for (const name of ['shop', 'admin']) {
      expect((await project.run(`node packages/${name}/main.js`)).stdout).toBe('Ask an administrator of acme.\ntrue\n');
    }
  });
});

const SHARED = `
import { EmailPasswordApi, EmailPasswordRecipe, generalError, SessionRecipe } from 'latchkey';

export class InviteOnly extends EmailPasswordApi {
  async signUpPOST() {
    return generalError('Ask an administrator of acme.');
  }
}

export const options = {
  appInfo: { appName: 'Acme', apiDomain: 'http://127.0.0.1:3000', websiteDomain: 'http://127.0.0.1:3000' },
  core: { sqlite: ':memory:' },
  recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init({ override: { apis: InviteOnly } })],
};
`;

const BODY = `async function main() {
  const app = await NestFactory.create(AuthModule.forRoot(options), { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const response = await new AuthTestClient({ url: await app.getUrl() }).signUp('ada@example.com', 'correct-horse-1');
  console.log((await response.json()).message);
  console.log(app.get(EmailPasswordApi) instanceof InviteOnly);
  await app.close();
}
void main();
`;

const SHOP = `
import 'reflect-metadata';
import { InviteOnly, options } from '@acme/shared';
import { NestFactory } from '@nestjs/core';
import { AuthModule, EmailPasswordApi } from 'latchkey';
import { AuthTestClient } from 'latchkey/testing';
${BODY}`;

const ADMIN = `
require('reflect-metadata');
const { InviteOnly, options } = require('@acme/shared');
const { NestFactory } = require('@nestjs/core');
const { AuthModule, EmailPasswordApi } = require('latchkey');
const { AuthTestClient } = require('latchkey/testing');
${BODY}`;
