// Adds up the results of several runs of Jest, and prints one line: 12 passed, 0 failed, 1 skipped
import { existsSync, readFileSync } from 'node:fs';

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const file of process.argv.slice(2)) {
  // A run that ended before it wrote its results is one failure.
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numFailedTests: 1 };
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, testResults = [] } = results;
  // Files that failed without a failed test: they did not load, or left something behind.
  const failedFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  sum.passed += numPassedTests;
  sum.failed += numFailedTests + failedFiles.length;
  sum.skipped += numPendingTests + numTodoTests;
}
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
