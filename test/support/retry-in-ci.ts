import { jest } from '@jest/globals';

// CI shares its machine: a test that fails is tried once more there, and the first failure is printed.
if (process.env.CI) jest.retryTimes(1, { logErrorsBeforeRetry: true });
