// A Jest runtime with one module graph of the library and its packages for all test files of a worker, instead of one for
// each of them. See docs/decisions/0007-one-module-graph-for-tests.md.
const asyncHooks = require('node:async_hooks');
const { readFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { fileURLToPath } = require('node:url');
const { setFlagsFromString } = require('node:v8');
const { ModuleMocker } = require('jest-mock');
const { sourceMapOf } = require('./compiled.cjs');
const { TestModules } = require('./module-graphs.cjs');

let isPrepared = false;
/** The stores that something has run in since the file began. */
const usedStores = new Set();

module.exports = class NativeRuntime {
  constructor(_config, _environment, _resolver, _transformer, _cacheFS, _coverage, _testPath, globalConfig) {
    if (globalConfig.watch || globalConfig.watchAll) {
      throw new Error('Watching would run outdated modules. Run `npm test -- FILE` again instead.');
    }
    this.mocker = new ModuleMocker(globalThis);
    if (!isPrepared) prepareWorker();
    isPrepared = true;
    this.modules = new TestModules();
  }

  unstable_shouldLoadAsEsm(path) {
    return /\.(ts|mjs|js)$/.test(path);
  }

  /** A test file, or a setup file, which runs once for each test file. */
  async unstable_importModule(path) {
    return this.modules.import(path);
  }

  requireModule(path) {
    return require(path);
  }

  /** The test framework keeps its state in its module and in globals: each test file gets new ones. */
  requireInternalModule(path) {
    delete globalThis[Symbol.for('EVENT_HANDLERS')];
    delete globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')];
    delete require.cache[require.resolve(path)];
    return require(path);
  }

  setGlobalsForRuntime(globals) {
    this.modules.provide({ ...globals, jest: this.jestObject() });
  }

  jestObject() {
    const { mocker } = this;
    const timeout = Symbol.for('TEST_TIMEOUT_SYMBOL');
    return {
      fn: mocker.fn.bind(mocker),
      spyOn: mocker.spyOn.bind(mocker),
      restoreAllMocks: () => mocker.restoreAllMocks(),
      clearAllMocks: () => mocker.clearAllMocks(),
      setTimeout(ms) {
        globalThis[timeout] = ms;
      },
    };
  }

  getSourceMaps() {
    return new SourceMaps();
  }

  enterTestCode() {}
  leaveTestCode() {}
  resetModules() {}
  clearAllMocks() {
    this.mocker.clearAllMocks();
  }
  resetAllMocks() {
    this.mocker.resetAllMocks();
  }
  restoreAllMocks() {
    this.mocker.restoreAllMocks();
  }
  getAllCoverageInfoCopy() {
    return undefined;
  }
  teardown() {
    this.mocker.restoreAllMocks();
    for (const store of usedStores) store.disable();
    usedStores.clear();
  }
};

function prepareWorker() {
  // Most of what tests run ends soon, and optimizing it costs more than it saves. V8 has other flags from Node 22 on.
  if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString('--interrupt-budget=1000000');
  endStoresWithFiles();
}

/**
 * Before Node 24, each store that was ever used slows every promise down by some three percent: those of the test framework,
 * of tests, of the library and of packages rest from the end of a file until they are used again.
 */
function endStoresWithFiles() {
  const { AsyncLocalStorage } = asyncHooks;
  class Counted extends AsyncLocalStorage {
    run(...input) {
      usedStores.add(this);
      return super.run(...input);
    }

    enterWith(store) {
      usedStores.add(this);
      super.enterWith(store);
    }
  }
  // From Node 22 on it is a getter.
  Object.defineProperty(asyncHooks, 'AsyncLocalStorage', { value: Counted, configurable: true, enumerable: true });
  syncBuiltinESMExports();
}

const mapOf = new Map();

/** Finds the map of a script when a stack is first formatted. Playwright reads a stack at each call, and Jest asks for each frame. */
class SourceMaps extends Map {
  get(script) {
    if (!/^file:.*\.ts$/.test(script)) return undefined;
    if (!mapOf.has(script)) {
      const path = fileURLToPath(script);
      mapOf.set(script, sourceMapOf(path, readFileSync(path, 'utf8')));
    }
    return mapOf.get(script);
  }
}
