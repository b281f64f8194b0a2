import { availableParallelism } from 'node:os';

/** These replace packages, or use one that keeps static state: they need a module graph each, which costs. */
export const ISOLATED = [
  '/(missing-driver|no-database)\\.spec\\.ts$',
  '/core-service/supertokens-node[^/]*\\.spec\\.ts$',
];

/** Tests run from TypeScript sources; the package's own name stands for `lib`, as `exports` does when built. */
const shared = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^latchkey$': '<rootDir>/lib/index.ts',
    '^latchkey/testing$': '<rootDir>/lib/testing/index.ts',
    '^latchkey/(graphql|websockets|microservices)$': '<rootDir>/lib/$1/index.ts',
    '^latchkey/recipe-kit$': '<rootDir>/lib/recipe-kit.ts',
    '^latchkey/core-service$': '<rootDir>/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

/** One module graph for all files of a worker. */
export const inOneModuleGraph = {
  ...shared,
  testEnvironment: '<rootDir>/test/runner/native-environment.cjs',
  runtime: '<rootDir>/test/runner/native-runtime.cjs',
  injectGlobals: false,
};

/** For a worker to exit. Jest's half second is too short on a busy machine, and then it speaks of a leak. */
export const workerGracefulExitTimeout = 10_000;

/**
 * What may differ over a core service: tokens that the driver verifies itself, and what it makes of answers. That every
 * operation is the same there is proved by `test/contract`. docs/testing.md says more.
 */
const REMOTE = [
  'session/{access-token,refresh,session-container,session-functions,two-applications}',
  'email-password/{functions,password-reset-sessions,reset-email,sign-in-race,update-email-or-password}',
  'email-verification/{answers,email-change,facts}',
  'user-metadata/functions',
  'multitenancy/functions',
  'user-roles/claims',
  'users/*',
].map((files) => `<rootDir>/test/e2e/${files}.spec.ts`);

/** What may differ on PostgreSQL above the core: transactions, races, and texts that it does not take. */
const POSTGRES = [
  'bad-input/{aborted-requests,emails-in-storage}',
  'dashboard/{operations,tenants,users}',
  'session/refresh',
  'email-password/{reset-email,sign-in-race,sign-up,update-email-or-password}',
  'email-verification/{answers,email-change,facts}',
  'legacy-sign-in/at-once',
  'third-party/functions',
  'users/*',
].map((files) => `<rootDir>/test/e2e/${files}.spec.ts`);

/** Everything, and once more on PostgreSQL and over a core service what can differ there. */
export default {
  // A busy machine is slow, which is not the test's fault: this ends what hangs.
  testTimeout: 120_000,
  // Some files wait for other processes, which leaves a processor idle; and modules of finished files are not given back.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  workerIdleMemoryLimit: '1.5GB',
  workerGracefulExitTimeout,
  testSequencer: '<rootDir>/test/runner/processes-first.cjs',
  reporters: ['default', '<rootDir>/test/runner/whole-suite-reporter.js'],
  projects: [
    {
      ...inOneModuleGraph,
      displayName: 'all',
      testMatch: ['<rootDir>/{lib,sample-app,src,test}/**/*.spec.ts'],
      // What needs other versions of Node, or packages from npm, is in jest.versions.config.js and jest.projects.config.js.
      testPathIgnorePatterns: ['/node_modules/', '/test/versions/', '/test/projects/', ...ISOLATED],
    },
    { ...shared, displayName: 'isolated', testRegex: ISOLATED },
    {
      ...inOneModuleGraph,
      displayName: 'remote',
      globals: { LATCHKEY_TEST_DATABASE: 'Remote' },
      setupFilesAfterEnv: ['<rootDir>/test/support/remote-core-setup.ts'],
      testMatch: REMOTE,
    },
    {
      ...inOneModuleGraph,
      displayName: 'postgres',
      globals: { LATCHKEY_TEST_DATABASE: 'PostgreSQL' },
      setupFilesAfterEnv: ['<rootDir>/test/support/kept-schemas-setup.ts'],
      testMatch: POSTGRES,
    },
  ],
};
