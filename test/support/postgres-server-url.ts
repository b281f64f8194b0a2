import { runService } from './run-service.js';

/** Of the superuser of the PostgreSQL for all tests: LATCHKEY_TEST_POSTGRES, or one that is started now. */
export function testServerUrl(): string {
  return process.env.LATCHKEY_TEST_POSTGRES || runService('postgres').url;
}
