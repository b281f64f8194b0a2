import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { ISOLATED, inOneModuleGraph, workerGracefulExitTimeout } from './jest.config.js';
import { needsService } from './test/runner/needs-service.js';

const FOLDERS = ['lib', 'src', 'test/docs'];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => resolve(folder, name)),
);

/** What needs neither a server nor a browser: npm run test:unit */
const { globalSetup: _services, globalTeardown: _end, ...unit } = inOneModuleGraph;
export default {
  ...unit,
  displayName: 'unit',
  testMatch: files.filter((file) => !needsService(file)),
  testPathIgnorePatterns: ['/node_modules/', ...ISOLATED],
  testTimeout: 30_000,
  maxWorkers: '100%',
  workerGracefulExitTimeout,
};
