// The modules of one test file: itself, and what it imports from the tests' folder, which may keep state. They are linked
// here, since Node asks the thread of its hooks for each import, and never gives back what it has loaded. All else is
// loaded by Node, once for a worker.
const { existsSync, readFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { SourceTextModule, SyntheticModule } = require('node:vm');
const { compiled } = require('./compiled.cjs');
const { resolveSource, root } = require('./resolution.cjs');

const tests = `${root}test/`;
/** By URL, or by the name of a package or of a module of Node's. */
const ofWorker = new Map();
const supportCode = new Map();

exports.TestModules = class TestModules {
  constructor() {
    this.modules = new Map();
    this.linked = Promise.resolve();
  }

  /** @param globals what `@jest/globals` exports */
  provide(globals) {
    this.modules.set('@jest/globals', synthetic('@jest/globals', globals));
  }

  async import(path) {
    return this.evaluated(this.source(pathToFileURL(path).href, codeOf(path)));
  }

  /** A module that is linked already is left alone, so one root after the other. */
  async evaluated(module) {
    const link = () => (module.status === 'unlinked' ? module.link((...from) => this.resolve(...from)) : undefined);
    this.linked = this.linked.then(link, link);
    await this.linked;
    await module.evaluate();
    return module.namespace;
  }

  async resolve(specifier, { identifier }) {
    const known = this.modules.get(specifier);
    if (known !== undefined) return known;
    const url = resolveSource(specifier, identifier);
    if (url?.startsWith(tests) && url.endsWith('.ts')) return this.source(url, supportCodeOf(fileURLToPath(url)));
    if (url !== undefined || !specifier.startsWith('.')) return moduleOfWorker(url ?? specifier);
    const file = new URL(specifier, identifier);
    if (!existsSync(file)) throw new Error(`${identifier} imports ${specifier}, and there is no such file.`);
    return moduleOfWorker(file.href);
  }

  source(url, code) {
    if (!this.modules.has(url)) this.modules.set(url, this.newModule(url, code));
    return this.modules.get(url);
  }

  newModule(identifier, code) {
    return new SourceTextModule(code, {
      identifier,
      initializeImportMeta(meta) {
        const filename = fileURLToPath(identifier);
        Object.assign(meta, { dirname: dirname(filename), filename, url: identifier });
      },
      importModuleDynamically: async (specifier, from) => this.evaluated(await this.resolve(specifier, from)),
    });
  }
};

function codeOf(path) {
  return compiled(path, readFileSync(path, 'utf8')).code;
}

function supportCodeOf(path) {
  if (!supportCode.has(path)) supportCode.set(path, codeOf(path));
  return supportCode.get(path);
}

function moduleOfWorker(specifier) {
  if (!ofWorker.has(specifier)) {
    const loading = import(specifier).then((namespace) => synthetic(specifier, namespace));
    ofWorker.set(specifier, loading);
  }
  return ofWorker.get(specifier);
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
