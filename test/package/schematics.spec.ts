import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync, mkdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { PackedLibrary } from '../support/packed-library.js';

const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(process.env.PORT ?? 3000);
}
await bootstrap();
`;
const MODULE = `import { Module } from '@nestjs/common';

@Module({
  imports: [],
})
export class AppModule {}
`;

/** Runs schematics one after the other, as the CLI of NestJS has it done, and prints what each has said. */
const RUN = `
import { NodeWorkflow } from '@angular-devkit/schematics/tools/index.js';
import { logging } from '@angular-devkit/core';

for (const [schematic, options] of STEPS) {
  const workflow = new NodeWorkflow(process.cwd(), { resolvePaths: [process.cwd()], schemaValidation: true });
  const said = [];
  const logger = new logging.Logger('schematics');
  logger.subscribe(({ message }) => said.push(message.trim()));
  await new Promise((resolve) => {
    workflow
      .execute({ collection: 'latchkey', schematic, options: { sourceRoot: 'src', spec: true, ...options }, logger })
      .subscribe({ error: ({ message }) => resolve(said.push(message)), complete: resolve });
  });
  console.log(JSON.stringify(said.join(' ')));
}
`;

type Step = [schematic: 'nest-add' | 'override', options?: object];

describe('The schematics of the package', () => {
  let library: PackedLibrary;
  let folder: string;

  beforeAll(() => {
    library = new PackedLibrary();
    const nest = ['platform-express', 'testing'].map((name) => `@nestjs/${name}`);
    const devkit = ['core', 'schematics'].map((name) => `@angular-devkit/${name}`);
    folder = library.install('schematics', { extras: [...nest, ...devkit, 'typescript', '@types/node'] });
  }, 120_000);
  afterAll(() => library.remove());

  const path = (file: string) => join(folder, 'src', file);
  const read = (file: string) => readFileSync(path(file), 'utf8');
  const fresh = () => {
    rmSync(join(folder, 'src'), { recursive: true, force: true });
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'package.json'), '{ "name": "acme-shop", "type": "module" }');
    writeFileSync(path('main.ts'), MAIN);
    writeFileSync(path('app.module.ts'), MODULE);
  };
  const run = (...steps: Step[]) => {
    const script = join(folder, 'run.mjs');
    writeFileSync(script, RUN.replace('STEPS', JSON.stringify(steps)));
    const env = { PATH: process.env.PATH };
    const { stdout, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8', env });
    expect(stderr).toBe('');
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as string);
  };
  const complaints = () => {
    const files = ts.sys.readDirectory(join(folder, 'src'), ['.ts']);
    const program = ts.createProgram([...files, join(folder, 'globals.d.ts')], {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      types: ['node'],
      typeRoots: [join(folder, 'node_modules/@types')],
      strict: true,
      noImplicitOverride: true,
      skipLibCheck: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      noEmit: true,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  };

  it('wire a fresh application, once, and override each layer of each recipe there', () => {
    fresh();
    const [added, again, unknown] = run(['nest-add'], ['nest-add'], ['override', { name: 'no-such' }]);

    expect(added).toContain('src/app.module.ts has AuthModule now');
    expect(again).toBe('src/app.module.ts has AuthModule already. Nothing has been changed.');
    expect(read('main.ts')).toMatch(
      /create\(AppModule\);\n.*\n {2}app\.enableShutdownHooks\(\);\n.*\n {2}app\.enableCors\(/,
    );
    expect(read('app.module.ts')).toContain("appName: 'Acme Shop'");
    expect(readFileSync(join(folder, '.env.example'), 'utf8')).toContain('WEBSITE_DOMAIN=');

    const names = /Name one of ([\w, -]+);/.exec(unknown!)![1]!.split(', ');
    expect(names).toEqual(expect.arrayContaining(['session', 'email-password', 'user-roles']));
    const recipes = names.map(
      (name) => `${name.replaceAll(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase())}Recipe`,
    );
    // Options that a recipe needs are none of what is tried.
    const list = recipes.map((recipe) => `${recipe}.init()`).join(', ');
    const module = read('app.module.ts').replace(/recipeList: \[.*\]/, `recipeList: [${list}]`);
    const imports = `// @ts-nocheck\nimport { ${recipes.join(', ')}, AuthModule } from 'latchkey';\n`;
    writeFileSync(path('app.module.ts'), imports + module.replace(/import .*AuthModule.*/, ''));
    const steps = names.flatMap((name): Step[] => [
      ['override', { name }],
      ['override', { name: `${name}-functions` }],
    ]);
    const said = run(...steps);

    // Those without routes have their functions overridden by the first of the two.
    const refused = said.filter(
      (line) =>
        !/^App\w+(Api|Functions) overrides \w+ of \w+, by \w+Recipe\.init in src\/app\.module\.ts\.$/.test(line),
    );
    expect(refused.filter((line) => !line.endsWith('already. Nothing has been changed.'))).toEqual([]);
    expect(said.length - refused.length).toBeGreaterThan(names.length);
    writeFileSync(join(folder, 'globals.d.ts'), 'declare const describe: any, it: any, expect: any;');
    expect(complaints()).toEqual([]);
    expect(read('auth/app-email-password.api.ts')).toContain('override async signUpPOST(input: SignUpPOSTInput)');
  });

  it('refuse what they would have to guess or to overwrite, and change nothing', () => {
    const listed = (list: string) => MODULE.replace('[]', `[AuthModule.forRoot({ recipeList: [${list}] } as never)]`);
    const refused: [message: string, module: string][] = [
      [
        'EmailPasswordRecipe.init in src/0/app.module.ts has apis: Mine already. Nothing has been changed.',
        listed('EmailPasswordRecipe.init({ override: { apis: Mine } })'),
      ],
      [
        'The options of EmailPasswordRecipe.init in src/1/app.module.ts are not written in place. ' +
          'Write override: { apis: AppEmailPasswordApi } there yourself; nothing has been changed.',
        listed('EmailPasswordRecipe.init(options)'),
      ],
      [
        'recipeList has no EmailPasswordRecipe. Add EmailPasswordRecipe.init() to AuthModule.forRoot({ recipeList }) in ' +
          'src/2/app.module.ts first.',
        listed(''),
      ],
      ['No file below src/3 calls AuthModule.forRoot({ … }). Add Latchkey first: nest add latchkey', MODULE],
    ];
    for (const [at, [, module]] of refused.entries()) {
      mkdirSync(path(`${at}`), { recursive: true });
      writeFileSync(path(`${at}/app.module.ts`), module);
    }
    const steps = refused.map((_case, at): Step => ['override', { name: 'email-password', sourceRoot: `src/${at}` }]);

    expect(run(...steps)).toEqual(refused.map(([message]) => message));
    for (const [at, [, module]] of refused.entries()) {
      expect(read(`${at}/app.module.ts`)).toBe(module);
      expect(existsSync(path(`${at}/auth`))).toBe(false);
    }
  });
});
