// The files that start processes take longest and leave processors idle meanwhile: they begin first, so that the run does
// not end with one of them alone. The others follow as Jest orders them: by how long they took, or how large they are.
const Sequencer = require('@jest/test-sequencer').default;

const STARTS_PROCESSES =
  /\/test\/(browser|faults|package|replicas)\/|\/(command|migrator|restart|faults|supertokens-node[^/]*)\.spec\.ts$/;

module.exports = class ProcessesFirst extends Sequencer {
  sort(tests) {
    const ordered = super.sort(tests);
    const first = ordered.filter(({ path }) => STARTS_PROCESSES.test(path));
    return [...first, ...ordered.filter((test) => !first.includes(test))];
  }
};
