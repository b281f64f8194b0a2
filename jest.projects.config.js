import { inOneModuleGraph } from './jest.config.js';

/** The published package in projects made from nothing, as users make them: npm run test:projects */
export default {
  ...inOneModuleGraph,
  displayName: 'projects',
  testMatch: ['<rootDir>/test/projects/*.spec.ts'],
  testTimeout: 900_000,
  maxWorkers: 1,
};
