import { ISOLATED, inOneModuleGraph } from './jest.config.js';

/** These need a server, or a process of their own. */
const WITH_SERVERS = [
  '/lib/cli/latchkey\\.spec\\.ts$',
  '/lib/core/embedded/storage/postgres/',
  '/lib/core/embedded/storage/(migrator|remove-app-storage|several-processes|verified-emails)\\.spec\\.ts$',
  '/lib/core/embedded/embedded-third-party\\.core\\.spec\\.ts$',
  '/lib/core/embedded/storage/migrations/',
];

/** What needs neither a server nor a browser: npm run test:unit */
const { globalSetup: _services, globalTeardown: _end, ...unit } = inOneModuleGraph;
export default {
  ...unit,
  displayName: 'unit',
  testMatch: ['<rootDir>/{lib,src,test/docs}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...ISOLATED, ...WITH_SERVERS],
  testTimeout: 30_000,
  maxWorkers: '100%',
};
