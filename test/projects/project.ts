import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PackedLibrary } from '../support/packed-library.js';
import { waitUntil } from '../support/wait-until.js';

/** The version of Node that projects are developed for. */
const NODE = '24';

/** A folder outside of the repository, in which a user's commands are run as they type them. */
export class Project {
  private constructor(
    readonly folder: string,
    private readonly path: string,
  ) {}

  static async create(library: PackedLibrary, node = NODE): Promise<Project> {
    const binary = await library.nodeBinary(node);
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-project-'));
    cpSync(library.tarball, join(folder, 'latchkey.tgz'));
    return new Project(folder, [dirname(binary), process.env.PATH].join(delimiter));
  }

  /** A folder of the same project. */
  in(folder: string): Project {
    return new Project(join(this.folder, folder), this.path);
  }

  /** The same folder on another version of Node. */
  async on(library: PackedLibrary, node: string): Promise<Project> {
    return new Project(this.folder, [dirname(await library.nodeBinary(node)), process.env.PATH].join(delimiter));
  }

  write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** @throws with everything that the command has printed */
  async run(command: string, env: Record<string, string> = {}): Promise<{ stdout: string; stderr: string }> {
    try {
      // Without an input, so that nothing waits for an answer to a question.
      return await promisify(execFile)('sh', ['-c', `exec </dev/null; ${command}`], {
        cwd: this.folder,
        env: this.env(env),
        maxBuffer: 1e8,
      });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${command} failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  /** Runs a server while something is done with it. */
  async serving<Result>(command: string, url: string, use: () => Promise<Result>): Promise<Result> {
    const { port } = new URL(url);
    // The CLI has the second application of a monorepo read the name in small letters.
    const env = this.env({ PORT: port, port });
    const server = spawn('sh', ['-c', `exec ${command}`], { cwd: this.folder, env, stdio: 'inherit' });
    const ended = once(server, 'close');
    try {
      const answers = () =>
        fetch(url).then(
          () => true,
          () => false,
        );
      await waitUntil(async () => server.exitCode !== null || (await answers()), 120_000);
      if (server.exitCode !== null) throw new Error(`${command} ended with ${server.exitCode}`);
      return await use();
    } finally {
      server.kill();
      await ended;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Without what Jest and npm have set for this process; where the registry is stays. */
  private env(more: Record<string, string>): NodeJS.ProcessEnv {
    const { NODE_OPTIONS: _options, NODE_ENV: _environment, JEST_WORKER_ID: _worker, ...env } = process.env;
    const kept = Object.entries(env).filter(([name]) => !/^npm_(?!config_)/.test(name));
    return { ...Object.fromEntries(kept), PATH: this.path, ...more };
  }
}
