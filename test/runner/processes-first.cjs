// The files that start processes take longest and leave processors idle meanwhile: they begin first, so that the run does
// not end with one of them alone. The others follow as Jest orders them: by how long they took, or how large they are.
const Sequencer = require('@jest/test-sequencer').default;

const STARTS_PROCESSES =
  /\/test\/(browser|faults|package|replicas)\/|\/(command|migrator|restart|faults|supertokens-node[^/]*)\.spec\.ts$/;

/** These need no service of the run, so workers are busy with them while the scripts are built and PostgreSQL starts. */
const MEANWHILE = /\/test\/e2e\/(bad-input\/bodies|http-edge\/(exception-filters|paths))\.spec\.ts$/;
const isForMeanwhile = ({ path, context }) => MEANWHILE.test(path) && context.config.displayName?.name === 'all';

module.exports = class ProcessesFirst extends Sequencer {
  sort(tests) {
    const ordered = super.sort(tests);
    const meanwhile = ordered.filter(isForMeanwhile);
    const first = ordered.filter(({ path }) => STARTS_PROCESSES.test(path));
    return [...new Set([...meanwhile, ...first, ...ordered])];
  }
};
