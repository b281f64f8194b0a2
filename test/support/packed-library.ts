import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runService, runServiceLater } from './run-service.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Manifest {
  name: string;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
  exports: Record<string, unknown>;
  typesVersions: { '*': Record<string, string[]> };
}

/** The library as npm would publish it, which is built once for a run of the tests. */
export class PackedLibrary {
  private readonly folder = mkdtempSync(join(tmpdir(), 'latchkey-package-'));
  readonly manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  /** Paths in the tarball, sorted. */
  readonly files: string[];
  readonly tarball: string;

  constructor() {
    ({ files: this.files, tarball: this.tarball } = runService('package'));
  }

  /**
   * A folder in which the tarball is installed beside its dependencies and peers, and nothing else.
   * @param extras further packages to be found there
   * @param without peers that are not installed
   */
  install(name: string, { extras = [], without = [] }: { extras?: string[]; without?: string[] }): string {
    const application = join(this.folder, name);
    const installed = join(application, 'node_modules', this.manifest.name);
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', this.tarball, '-C', installed, '--strip-components=1']);
    const { dependencies, peerDependencies } = this.manifest;
    for (const dependency of [...Object.keys({ ...dependencies, ...peerDependencies }), ...extras]) {
      if (without.includes(dependency)) continue;
      const link = join(application, 'node_modules', dependency);
      // As npm does where another package has another version of it there already.
      const ofItsOwn = existsSync(link) && dependency in dependencies;
      linkPackage(dependency, ofItsOwn ? join(installed, 'node_modules', dependency) : link);
    }
    return application;
  }

  /** As `install`, beside packages that npm fetches without building them, such as `@nestjs/core@11`. */
  async installBeside(
    name: string,
    packages: string[],
    options: { extras?: string[]; without?: string[]; type?: 'module' | 'commonjs' },
  ): Promise<string> {
    const application = join(this.folder, name);
    await this.npmInstall(application, packages);
    if (options.type === 'commonjs') writeFileSync(join(application, 'package.json'), '{ "type": "commonjs" }');
    return this.install(name, options);
  }

  /** @returns the executable of a version of Node, such as `22` or `22.13.0`, which npm fetches once for a run */
  async nodeBinary(version: string): Promise<string> {
    const { binary } = await runServiceLater(`node-${version}`);
    return binary;
  }

  private async npmInstall(folder: string, packages: string[]): Promise<void> {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    if (packages.length === 0) return;
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    await promisify(execFile)('npm', ['install', ...options, ...packages], { cwd: folder });
  }

  /** @returns the text of a file of the tarball */
  read(path: string): string {
    return execFileSync('tar', ['-xzOf', this.tarball, `package/${path}`], { encoding: 'utf8' });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function linkPackage(name: string, link: string): void {
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), link);
}

/** Runs a script in a folder, as `node script.mjs`. */
export function runScript(folder: string, script: string): { status: number | null; stdout: string; stderr: string } {
  const file = join(folder, 'script.mjs');
  writeFileSync(file, script);
  return spawnSync(process.execPath, [file], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    env: { PATH: process.env.PATH },
  });
}
