// What a run of the tests needs only once, and only some runs need: a PostgreSQL, scripts for other processes, the
// sample, the dashboard's page, the package, and other versions of Node. This process provides a service when a test first
// asks for it (test/support/run-service.ts), and ends with its standard input.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = process.argv[2];
const closing = [];
const provisions = new Map();
let sourcesLoad = false;

const SERVICES = {
  async postgres() {
    loadSources();
    const { freePort } = await import('../support/free-port.ts');
    const { startPostgresServer } = await import('../support/postgres-server.ts');
    const server = await startPostgresServer(await freePort());
    closing.push(() => server.remove());
    return { url: server.url };
  },
  async scripts() {
    const { buildScripts } = await import('./build-scripts.js');
    const scripts = fileURLToPath(
      new URL(`../../node_modules/.cache/latchkey-scripts-${process.pid}`, import.meta.url),
    );
    closing.push(() => rmSync(scripts, { recursive: true, force: true }));
    await buildScripts(scripts);
    return { folder: scripts };
  },
  async sample() {
    // It waits for them without letting this process go on.
    await provided('scripts');
    loadSources();
    const { startSample } = await import('../browser/running-sample.ts');
    const sample = await startSample();
    let isOver = false;
    closing.push(() => {
      isOver = true;
      return sample.stop();
    });
    sample.ended.then((end) => isOver || console.error(`The sample that test files share has ended with ${end}.`));
    return { url: sample.url, port: sample.port };
  },
  async dashboard() {
    const { buildDashboard } = await import('../../scripts/build-dashboard.js');
    await buildDashboard(fileURLToPath(new URL('../../dist/dashboard', import.meta.url)));
    return {};
  },
  async package() {
    const { packLibrary } = await import('./pack-library.js');
    const packed = await mkdtemp(join(tmpdir(), 'latchkey-packed-'));
    closing.push(() => rm(packed, { recursive: true, force: true }));
    return packLibrary(packed);
  },
};

/** One after the other: unpacking one is work enough for a processor. */
let installed = Promise.resolve();

/** The services that are of many kinds, by how their names begin. */
const KINDS = {
  /** npm brings each platform's binary as a package; the package `node` would start another npm for it. */
  'node-'(version) {
    const before = installed;
    const installing = (async () => {
      const target = await mkdtemp(join(tmpdir(), 'latchkey-node-'));
      closing.push(() => rm(target, { recursive: true, force: true }));
      await before.catch(() => {});
      const name = `node-${process.platform}-${process.arch}`;
      writeFileSync(join(target, 'package.json'), '{}');
      const options = ['--no-save', '--no-audit', '--no-fund'];
      await promisify(execFile)('npm', ['install', ...options, `${name}@${version}`], { cwd: target });
      return { binary: join(target, 'node_modules', name, 'bin/node') };
    })();
    installed = installing;
    return installing;
  },
};

function serviceOf(name) {
  if (name in SERVICES) return SERVICES[name];
  const [kind] = Object.keys(KINDS).filter((prefix) => name.startsWith(prefix));
  return kind === undefined ? undefined : () => KINDS[kind](name.slice(kind.length));
}

/** From here on this process loads TypeScript as the tests do. */
function loadSources() {
  if (!sourcesLoad) register('./hooks.js', import.meta.url);
  sourcesLoad = true;
}

function provided(name) {
  if (!provisions.has(name)) provisions.set(name, provide(name));
  return provisions.get(name);
}

async function provide(name) {
  const answer = await serviceOf(name)().catch((error) => ({ error: String(error.stack) }));
  const file = join(folder, `${name}.json`);
  writeFileSync(`${file}.part`, JSON.stringify(answer));
  renameSync(`${file}.part`, file);
}

function look() {
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.request'))) {
    const name = basename(file, '.request');
    if (serviceOf(name) !== undefined) void provided(name);
  }
}

const watcher = watch(folder, look);
look();

process.stdin.resume().on('end', async () => {
  watcher.close();
  await Promise.all(closing.map((close) => close()));
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
// Ctrl+C reaches the whole group: the run ends first, and with it the standard input.
process.on('SIGINT', () => {});
