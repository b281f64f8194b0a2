import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { PackedLibrary } from '../support/packed-library.js';
import { Project } from './project.js';
import { readmeApplication, readmeCurl } from './readme-application.js';

const cli = (version: string) => `npm install --no-audit --no-fund --prefix cli @nestjs/cli@${version}`;
const NEW = 'cli/node_modules/.bin/nest new app --skip-git --package-manager npm';
/** The command asks for the module system, and takes no option for it. */
const SCHEMATIC = '@nestjs/schematics:application --name=app --language=ts --type=cjs --no-dry-run';

/** Of Jest and of Vitest. Both give a test five seconds, in which a busy machine may not have started an application. */
const UNHURRIED = '--testTimeout=120000';

const KINDS = [
  { kind: 'NestJS 11, CommonJS and Jest', module: 'commonjs', command: `${cli('11')} && ${NEW}` },
  { kind: 'NestJS 12, ES modules and Vitest', module: 'esm', command: `${cli('12')} && ${NEW}` },
  {
    kind: 'NestJS 12, CommonJS and Jest',
    module: 'commonjs',
    command: `${cli('12')} && cli/node_modules/.bin/schematics ${SCHEMATIC} && cd app && npm install --no-audit --no-fund`,
  },
] as const;

describe('an application that the CLI of NestJS makes', () => {
  let library: PackedLibrary;
  let project: Project | undefined;

  beforeAll(() => {
    library = new PackedLibrary();
  });
  afterEach(() => project?.remove());
  afterAll(() => library?.remove());

  it.each(KINDS)('has its tests, its build and its start: $kind', async ({ module, command }) => {
    project = await Project.create(library);
    await project.run(command);
    const app = project.in('app');

    await app.run('npm install --no-audit --no-fund ../latchkey.tgz');
    const generated = { 'src/app.module.ts': app.read('src/app.module.ts'), 'src/main.ts': app.read('src/main.ts') };
    await app.run('npx nest add latchkey --skip-install');
    await app.run('npx nest g -c latchkey override email-password');
    await app.run('npm run build');
    // Jest tells it to the one, and Vitest to the other.
    const tests = await app.run(`npm test -- ${UNHURRIED}`);
    expect(tests.stdout + tests.stderr).toMatch(/app-email-password\.api\.spec/);
    await app.run('rm -r src/auth src/auth-domains.ts');

    app.write({ ...generated, ...readmeApplication(module) });
    await app.run('npm run build');
    await app.run('npm test');
    await app.run('npm run test:e2e');

    const url = `http://localhost:${await freePort()}`;
    const { stdout } = await app.serving('node dist/main.js', url, () => app.run(readmeCurl(url)));
    expect(stdout).toMatch(/"status":"OK".*\{"userId":"[\w-]+"\}/s);
  });

  it('has two applications in its monorepo mode, each with Latchkey of its own', async () => {
    project = await Project.create(library);
    await project.run(`${cli('11')} && ${NEW}`);
    const app = project.in('app');
    await app.run('npm install --no-audit --no-fund ../latchkey.tgz');
    await app.run('npx nest g app admin');
    for (const name of ['app', 'admin']) {
      await app.run(`npx nest add latchkey --skip-install --project ${name}`);
      await app.run(`npx nest g -c latchkey override email-password --project ${name}`);
      await app.run(`npx nest build ${name}`);
    }
    const { stdout, stderr } = await app.run(`npm test -- ${UNHURRIED}`);
    for (const name of ['app', 'admin']) {
      expect(stdout + stderr).toContain(`PASS apps/${name}/src/auth/app-email-password.api.spec.ts`);
      const url = `http://localhost:${await freePort()}`;
      const signUp = readmeCurl(url).split('\ncurl -b')[0]!;
      const answer = await app.serving(`node dist/apps/${name}/main.js`, url, () => app.run(signUp));
      expect(answer.stdout).toContain('"status":"OK"');
      await app.run('rm -f auth.sqlite*');
    }
  });
});
