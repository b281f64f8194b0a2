import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { PackedLibrary } from '../support/packed-library.js';

const NEST_11 = ['common', 'core', 'platform-express', 'testing'].map((name) => `@nestjs/${name}@11`);

/** Without what a user would not have: flags of Node, transforms, a mapping of modules. */
const env = { PATH: process.env.PATH };

describe('the published package in a CommonJS application on NestJS 11', () => {
  let library: PackedLibrary;
  let folder: string;

  beforeAll(async () => {
    library = new PackedLibrary();
    const extras = ['jest', '@jest/globals', '@types/node', '@nestjs/platform-express'];
    folder = await library.installBeside('commonjs', NEST_11, { extras, type: 'commonjs' });
    cpSync(resolve('test/projects/commonjs'), join(folder, 'src'), { recursive: true });
  }, 300_000);
  afterAll(() => library.remove());

  const compile = (module: ts.ModuleKind, moduleResolution: ts.ModuleResolutionKind) => {
    const names = ['main', 'app.e2e-spec'].map((name) => join(folder, 'src', `${name}.ts`));
    const program = ts.createProgram(names, {
      module,
      moduleResolution,
      target: ts.ScriptTarget.ES2023,
      typeRoots: [join(folder, 'node_modules/@types')],
      types: ['node'],
      strict: true,
      skipLibCheck: true,
      esModuleInterop: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      ignoreDeprecations: '6.0',
      outDir: join(folder, 'dist'),
    });
    rmSync(join(folder, 'dist'), { recursive: true, force: true });
    const complaints = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
    return complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  };

  it.each([
    { module: 'CommonJS', moduleResolution: 'Node10' },
    { module: 'NodeNext', moduleResolution: 'NodeNext' },
    { module: 'Node16', moduleResolution: 'Node16' },
  ] as const)('compiles with module $module and moduleResolution $moduleResolution', ({ module, moduleResolution }) => {
    expect(compile(ts.ModuleKind[module], ts.ModuleResolutionKind[moduleResolution])).toEqual([]);
  });

  it('passes its tests in Jest as it comes', async () => {
    const jest = join(folder, 'node_modules/jest/bin/jest.js');
    const options = ['--ci', '--json', '--rootDir', 'dist', '--testRegex', '.e2e-spec.js$'];
    const { stdout } = await promisify(execFile)(process.execPath, [jest, ...options], { cwd: folder, env });

    expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 2, numTotalTests: 2 });
  });

  it('starts', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['dist/main.js'], { cwd: folder, env });

    expect(stdout).toBe('200\n');
    expect(readFileSync(join(folder, 'dist/main.js'), 'utf8')).toMatch(/require\("latchkey\/testing"\)/);
  });
});
