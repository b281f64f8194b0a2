// Our modules, linked in this thread. Node would load TypeScript by hooks, and ask their thread for each import: also for
// those of packages, and each time for an import() that runs again.
const { existsSync, readFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { SourceTextModule, SyntheticModule } = require('node:vm');
const { compiled } = require('./compiled.cjs');
const { resolveSource, root } = require('./resolution.cjs');

const tests = `${root}test/`;
const packages = new Map();
const codes = new Map();

class OurModule extends SourceTextModule {
  constructor(url, graph) {
    super(codeOf(url), {
      identifier: url,
      initializeImportMeta(meta) {
        const filename = fileURLToPath(url);
        Object.assign(meta, { dirname: dirname(filename), filename, url });
      },
      importModuleDynamically: async (specifier, from) => evaluated(await resolveFrom(specifier, from)),
    });
    this.graph = graph;
  }
}

class ModuleGraph {
  constructor() {
    this.modules = new Map();
  }

  module(url) {
    if (!this.modules.has(url)) this.modules.set(url, new OurModule(url, this));
    return this.modules.get(url);
  }

  /** In which graph what its modules import is. */
  graphOf(_url) {
    return this;
  }
}

/** The library, the core service, the sample: all files of a worker share them. */
const shared = new ModuleGraph();

/** A test file, and what it imports from the tests' folder: that may keep state, and ends with the file. */
exports.TestModules = class TestModules extends ModuleGraph {
  /** @param globals what `@jest/globals` exports */
  provide(globals) {
    this.globals = synthetic('@jest/globals', globals);
  }

  /** Loads a test file, or a setup file. */
  import(path) {
    return evaluated(this.module(pathToFileURL(path).href));
  }

  graphOf(url) {
    return url.startsWith(tests) && url.endsWith('.ts') ? this : shared;
  }
};

async function resolveFrom(specifier, { graph, identifier }) {
  if (specifier === '@jest/globals') return graph.globals;
  const url = urlOf(specifier, identifier);
  return url === undefined ? packageModule(specifier) : graph.graphOf(url).module(url);
}

let linked = Promise.resolve();

/** A module that is linked already is left alone, so one after the other. */
async function evaluated(module) {
  const link = () => (module.status === 'unlinked' ? module.link(resolveFrom) : undefined);
  linked = linked.then(link, link);
  await linked;
  await module.evaluate();
  return module.namespace;
}

/** @returns undefined where Node loads it */
function urlOf(specifier, parent) {
  const source = resolveSource(specifier, parent);
  if (source !== undefined) return source;
  if (!/^(\.|file:)/.test(specifier)) return undefined;
  const { href } = new URL(specifier, parent);
  if (specifier.startsWith('.') && !existsSync(new URL(href)))
    throw new Error(`${parent} imports ${specifier}, and there is no such file.`);
  return isOurs(href) ? href : undefined;
}

function isOurs(url) {
  return /\.(ts|js)$/.test(url) && url.startsWith(root) && !url.startsWith(`${root}node_modules/`);
}

/** Compiled once for a worker, also where each test file has a module of its own. */
function codeOf(url) {
  if (!codes.has(url)) {
    const path = fileURLToPath(url);
    const source = readFileSync(path, 'utf8');
    codes.set(url, path.endsWith('.ts') ? compiled(path, source).code : source);
  }
  return codes.get(url);
}

let imported = Promise.resolve();

/** One after the other: a package in CommonJS cannot require a module that is being imported at the same time. */
function packageModule(specifier) {
  if (!packages.has(specifier)) {
    const load = async () => synthetic(specifier, await import(specifier));
    imported = imported.then(load, load);
    packages.set(specifier, imported);
  }
  return packages.get(specifier);
}

function synthetic(identifier, namespace) {
  const names = Object.keys(namespace);
  return new SyntheticModule(
    names,
    function exportAll() {
      for (const name of names) this.setExport(name, namespace[name]);
    },
    { identifier },
  );
}
