/** Tests run from TypeScript sources; the package's own name stands for `lib`, as `exports` does when built. */
const shared = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/retry-in-ci.ts'],
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
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

/** Everything, and once more on PostgreSQL and over a core service scenarios that do not choose a database themselves. */
export default {
  testTimeout: 30_000,
  // Jest would leave one processor idle; and modules of finished files are not given back.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1.5GB',
  projects: [
    { ...shared, displayName: 'all', testMatch: ['<rootDir>/{lib,test}/**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'remote',
      globals: { LATCHKEY_TEST_DATABASE: 'Remote' },
      setupFilesAfterEnv: [...shared.setupFilesAfterEnv, '<rootDir>/test/support/remote-core-setup.ts'],
      testMatch: ['<rootDir>/test/e2e/{session,email-password,email-verification,users}/**/*.spec.ts'],
      // About the hashing of an embedded core, and what is the same whatever the core.
      testPathIgnorePatterns: [
        '/node_modules/',
        '/password-hash(er|ing)\\.spec\\.ts$',
        '/email-verification/(options|overriding)\\.spec\\.ts$',
      ],
    },
    {
      ...shared,
      displayName: 'postgres',
      globals: { LATCHKEY_TEST_DATABASE: 'PostgreSQL' },
      testMatch: [
        '<rootDir>/test/e2e/{session,email-password,email-verification,users,overrides,http-edge,bad-input}/**/*.spec.ts',
        '<rootDir>/test/e2e/third-party/{functions,tenants,wire}.spec.ts',
      ],
    },
  ],
};
