import { it } from '@jest/globals';

type Test = (name: string, test: () => Promise<void>) => void;

/** `it` for tests that open a transaction: over a core in another process there is none, and they are shown as skipped. */
export function transactional(hasTransactions: boolean): Test {
  if (hasTransactions) return it;
  return (name) => it.skip(`${name} (there are no transactions across processes)`, () => {});
}
