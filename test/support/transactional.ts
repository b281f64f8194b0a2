import { it } from '@jest/globals';

/** A test that opens a transaction of its own: there is none over a core in another process. */
export function itInTransactions(name: string, test: () => Promise<void>): void {
  if (globalThis.LATCHKEY_TEST_DATABASE !== 'Remote') it(name, test);
}
