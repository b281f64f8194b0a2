// After a run of the whole suite: its slowest files, and whether it kept to its budget.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const { wholeSuiteSeconds } = JSON.parse(readFileSync(new URL('../budget.json', import.meta.url), 'utf8'));
const SHOWN = 10;

export default class WholeSuiteReporter {
  constructor(globalConfig) {
    this.config = globalConfig;
  }

  onRunComplete(_contexts, { startTime, testResults }) {
    const { ci, onlyChanged, testNamePattern, testPathPatterns, selectProjects } = this.config;
    if (testPathPatterns.patterns.length > 0 || testNamePattern || onlyChanged || selectProjects) return;
    console.log(`\nThe slowest ${SHOWN} files:`);
    const slowest = testResults.toSorted((one, other) => secondsOf(other) - secondsOf(one)).slice(0, SHOWN);
    for (const result of slowest) {
      const path = relative(this.config.rootDir, result.testFilePath);
      console.log(`${secondsOf(result).toFixed(1).padStart(7)} s  ${result.displayName.name}  ${path}`);
    }
    const seconds = (Date.now() - startTime) / 1000;
    console.log(`${seconds.toFixed(0)} s in all; the budget is ${wholeSuiteSeconds} s.`);
    // Elsewhere than in CI, other programs may want the machine.
    if (!ci || seconds <= 2 * wholeSuiteSeconds) return;
    this.error = new Error(
      `The tests took ${seconds.toFixed(0)} s, more than twice the ${wholeSuiteSeconds} s of test/budget.json. ` +
        'Make the slowest files faster, or commit another budget and say why.',
    );
  }

  getLastError() {
    return this.error;
  }
}

function secondsOf({ perfStats: { start, end } }) {
  return (end - start) / 1000;
}
