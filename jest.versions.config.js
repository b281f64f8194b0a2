import { inOneModuleGraph, workerGracefulExitTimeout } from './jest.config.js';

/** The published package on other versions of Node and NestJS, which npm downloads: npm run test:versions */
export default {
  ...inOneModuleGraph,
  displayName: 'versions',
  testMatch: ['<rootDir>/test/{versions/**/*,projects/commonjs}.spec.ts'],
  testTimeout: 300_000,
  // In CI Jest leaves a processor to others, and these wait for npm.
  maxWorkers: '100%',
  workerGracefulExitTimeout,
};
