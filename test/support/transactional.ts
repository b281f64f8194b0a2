import { it } from '@jest/globals';

type Test = (name: string, test: () => Promise<void>) => void;

/** `it` for tests that open a transaction: a core in another process opens none, so they are shown as skipped. */
export function transactional(hasTransactions: boolean): Test {
  if (hasTransactions) return it;
  return (name) => it.skip(`${name} (there are no transactions across processes)`, () => {});
}
