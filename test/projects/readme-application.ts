import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { snippetsOf } from '../support/markdown-snippets.js';

const README = readFileSync('README.md', 'utf8');

const E2E_TEST = `import { Test } from '@nestjs/testing';
import { AuthTestClient } from 'latchkey/testing';
import { AppModule } from './../src/app.module.js';

describe('AuthModule (e2e)', () => {
  it('signs somebody up', async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const app = module.createNestApplication();
    await app.listen(0);
    const client = new AuthTestClient({ url: await app.getUrl() });
    expect((await client.get('/me')).status).toBe(401);
    await client.signUp(\`\${Date.now()}@example.com\`, 'correct-horse-1');
    expect((await client.get('/me')).status).toBe(200);
    await app.close();
  });
});
`;

const UNIT_TEST = `import { fakeSession } from 'latchkey/testing';
import { MeController } from './me.controller.js';

describe('MeController', () => {
  it('says who is signed in', () => {
    expect(new MeController().me(fakeSession({ userId: 'ann' }))).toEqual({ userId: 'ann' });
  });
});
`;

/** What README has somebody write, in an application that the CLI of NestJS has made; and tests of it. */
export function readmeApplication(module: 'esm' | 'commonjs'): Record<string, string> {
  const snippets = snippetsOf('README.md', README).map(({ file, code }) => [basename(file), code] as const);
  const { 'app.module.ts': appModule = '', 'me.controller.ts': meController = '' } = Object.fromEntries(snippets);
  const files = {
    'src/app.module.ts': besideAppController(appModule),
    'src/me.controller.ts': meController,
    'src/me.controller.spec.ts': UNIT_TEST,
    'test/auth.e2e-spec.ts': E2E_TEST,
  };
  if (module === 'esm') return files;
  const withoutJs = Object.entries(files).map(([name, text]) => [name, text.replaceAll(/(from '\..*)\.js'/g, "$1'")]);
  return Object.fromEntries(withoutJs) as Record<string, string>;
}

/** The commands of README that ask the application. */
export function readmeCurl(url: string): string {
  const block = /^```sh\n(curl .*?)^```/ms.exec(README)?.[1] ?? '';
  return block.replaceAll('http://localhost:3000', url);
}

/** The CLI has made a controller, which has a test. */
function besideAppController(appModule: string): string {
  return `import { AppController } from './app.controller.js';
import { AppService } from './app.service.js';
${appModule}`.replace('[MeController]', '[AppController, MeController],\n  providers: [AppService]');
}
