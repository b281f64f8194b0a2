import { afterAll } from '@jest/globals';
import { startCoreService } from './core-service.js';

// One for each test file; its applications have an app each.
const service = await startCoreService();
globalThis.LATCHKEY_TEST_CORE_URL = service.url;

afterAll(() => service.close());
