// What `@jest/globals` is for a test file: it is loaded once for each.
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } =
  globalThis[Symbol.for('latchkey.jest-globals')];
