import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as latchkey from 'latchkey';
import ts from 'typescript';
import { complaintsOfSnippets, pagesForUsers } from '../support/compiled-snippets.js';
import { PackedLibrary } from '../support/packed-library.js';
import { StrictCompiler } from '../support/strict-compiler.js';
import { MODULE, Shop, type Step } from './shop.js';

const TRANSPORTS = ['graphql', 'microservices', 'websockets'];
const NEST = ['platform-express', 'swagger', 'terminus', 'testing', 'throttler', ...TRANSPORTS];
const DEVKIT = ['@angular-devkit/core', '@angular-devkit/schematics', 'typescript'];
const TYPES = ['@types/better-sqlite3', '@types/express', '@types/pg'];
const OTHERS = ['@jest/globals', 'openapi-fetch', 'rxjs', 'typeorm', ...DEVKIT, ...TYPES];

const RECIPES = Object.keys(latchkey).filter((name) => /^[A-Z]\w*Recipe$/.test(name));
const NEEDED_OPTIONS: Record<string, string> = { EmailVerificationRecipe: "{ mode: 'OPTIONAL' }" };
const nameOf = (recipe: string) =>
  recipe
    .slice(0, -'Recipe'.length)
    .replaceAll(/(?<!^)[A-Z]/g, '-$&')
    .toLowerCase();

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

  it('schematics wire a fresh application, once, and override each layer of each recipe there', () => {
    const shop = new Shop(join(folder, 'shop'));
    const list = RECIPES.map((recipe) => `${recipe}.init(${NEEDED_OPTIONS[recipe] ?? ''})`).join(', ');
    const imports = `import { ${RECIPES.join(', ')}, AuthModule } from 'latchkey';\n`;
    const file = 'src/app.module.ts';
    const wired: Step[] = [['nest-add'], ['nest-add'], ['override', { name: 'no-such' }]];
    const listed: Step[] = [
      ['replace', { file, pattern: 'recipeList: \\[.*\\]', by: `recipeList: [${list}]` }],
      ['replace', { file, pattern: 'import .*AuthModule.*', by: '' }],
      ['replace', { file, pattern: '^', by: imports }],
    ];
    const overridden = RECIPES.map(nameOf).flatMap((name): Step[] => [
      ['override', { name }],
      ['override', { name: `${name}-functions` }],
    ]);
    const [added, again, unknown, ...said] = shop.run([...wired, ...listed, ...overridden]);

    expect(added).toContain('src/app.module.ts has AuthModule now');
    expect(again).toBe('src/app.module.ts has AuthModule already. Nothing has been changed.');
    const names = /Name one of ([\w, -]+);/.exec(unknown!)![1]!.split(', ');
    expect(names.sort()).toEqual(RECIPES.map(nameOf).sort());
    expect(shop.read('src/main.ts')).toMatch(
      /create\(AppModule\);\n.*\n {2}app\.enableShutdownHooks\(\);\n.*\n {2}app\.enableCors\(/,
    );
    expect(shop.read(file)).toContain("appName: 'Acme Shop'");
    expect(shop.read('.env.example')).toContain('WEBSITE_DOMAIN=');

    // Those without routes have their functions overridden by the first of the two.
    const refused = said.filter(
      (line) =>
        !/^App\w+(Api|Functions) overrides \w+ of \w+, by \w+Recipe\.init in src\/app\.module\.ts\.$/.test(line),
    );
    expect(refused.filter((line) => !line.endsWith('already. Nothing has been changed.'))).toEqual([]);
    expect(said.length - refused.length).toBeGreaterThan(names.length);
    const globals = shop.write('globals.d.ts', 'declare const describe: any, it: any, expect: any;');
    const program = compiler.program([...ts.sys.readDirectory(join(shop.folder, 'src'), ['.ts']), globals]);
    const complaints = ts
      .getPreEmitDiagnostics(program)
      .map((each) => `${each.file?.fileName}: ${ts.flattenDiagnosticMessageText(each.messageText, '\n')}`);
    expect(complaints).toEqual([]);
    expect(shop.read('src/auth/app-email-password.api.ts')).toContain(
      'override async signUpPOST(input: SignUpPOSTInput)',
    );
  });

  it('schematics refuse what they would have to guess or to overwrite, and change nothing', () => {
    const shop = new Shop(join(folder, 'refusing'));
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
    for (const [at, [, module]] of refused.entries()) shop.write(`src/${at}/app.module.ts`, module);
    const steps = refused.map((_case, at): Step => ['override', { name: 'email-password', sourceRoot: `src/${at}` }]);

    expect(shop.run(steps)).toEqual(refused.map(([message]) => message));
    for (const [at, [, module]] of refused.entries()) {
      expect(shop.read(`src/${at}/app.module.ts`)).toBe(module);
      expect(shop.has(`src/${at}/auth`)).toBe(false);
    }
  });
});
