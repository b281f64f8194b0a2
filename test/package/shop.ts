import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';

const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(process.env.PORT ?? 3000);
}
await bootstrap();
`;
export const MODULE = `import { Module } from '@nestjs/common';

@Module({
  imports: [],
})
export class AppModule {}
`;

/** Takes the steps one after the other, schematics as the CLI of NestJS has them done, and prints what each has said. */
const RUN = `
import { readFileSync, writeFileSync } from 'node:fs';
import { NodeWorkflow } from '@angular-devkit/schematics/tools/index.js';
import { logging } from '@angular-devkit/core';

const workflow = new NodeWorkflow(process.cwd(), { resolvePaths: [process.cwd()], schemaValidation: true });
for (const [step, options] of STEPS) {
  if (step === 'replace') {
    const text = readFileSync(options.file, 'utf8');
    writeFileSync(options.file, text.replace(new RegExp(options.pattern), options.by));
    continue;
  }
  const said = [];
  const logger = new logging.Logger('schematics');
  logger.subscribe(({ message }) => said.push(message.trim()));
  await new Promise((resolve) => {
    workflow
      .execute({ collection: 'latchkey', schematic: step, options: { sourceRoot: 'src', spec: true, ...options }, logger })
      .subscribe({ error: ({ message }) => resolve(said.push(message)), complete: resolve });
  });
  console.log(JSON.stringify(said.join(' ')));
}
`;

export type Step =
  | [schematic: 'nest-add' | 'override', options?: { name?: string; sourceRoot?: string }]
  | [replace: 'replace', options: { file: string; pattern: string; by: string }];

/** A fresh application of NestJS that schematics change. */
export class Shop {
  constructor(
    /** Below the folder that has the packages. */
    readonly folder: string,
  ) {
    this.write('package.json', '{ "name": "acme-shop", "type": "module" }');
    this.write('src/main.ts', MAIN);
    this.write('src/app.module.ts', MODULE);
  }

  /** @returns what each schematic has said */
  run(steps: Step[]): string[] {
    this.write(
      'run.mjs',
      RUN.replace('STEPS', () => JSON.stringify(steps)),
    );
    const options = { cwd: this.folder, encoding: 'utf8', env: { PATH: process.env.PATH } } as const;
    const { stdout, stderr } = spawnSync(process.execPath, ['run.mjs'], options);
    expect(stderr).toBe('');
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as string);
  }

  has(file: string): boolean {
    return existsSync(join(this.folder, file));
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  write(file: string, text: string): string {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }
}
