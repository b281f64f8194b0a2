// Breaks the library in the places of mutations.js, one at a time, and counts how many the tests notice.
//   node scripts/mutation-sample.js            all of them, as a table
//   node scripts/mutation-sample.js cookie     those whose rule or file contains the text
//   node scripts/mutation-sample.js --check    only whether every place is still there
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mutations } from './mutations.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [argument = ''] = process.argv.slice(2);
const isCheck = argument === '--check';
const selection = mutations.filter(({ rule, file }) => isCheck || rule.includes(argument) || file.includes(argument));

const misfits = selection.filter(({ file, from }) => read(file).split(from).length !== 2);
for (const { file, from } of misfits) console.error(`${file} does not have this exactly once: ${from}`);
if (misfits.length > 0) process.exit(1);
if (isCheck) process.exit(0);

let restore = () => {};
process.on('exit', () => restore());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

let caught = 0;
for (const { rule, file, from, to, specs, project = 'all' } of selection) {
  const text = readFileSync(file, 'utf8');
  restore = () => writeFileSync(file, text);
  writeFileSync(
    file,
    text.replace(from, () => to),
  );
  const { passed, output } = await runTests(specs, project);
  restore();
  // A suite that cannot be loaded has noticed nothing.
  if (/Test suite failed to run|No tests found/.test(output)) throw new Error(`${rule}: ${output}`);
  if (!passed) caught += 1;
  console.log(`| ${rule} | \`${file}\` | ${passed ? '**survived**' : 'caught'} |`);
}
restore = () => {};
console.log(`${caught} of ${selection.length} caught`);
process.exit(caught === selection.length ? 0 : 1);

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    console.error(String(error));
    return '';
  }
}

function runTests(specs, project) {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
  const options = ['--selectProjects', project, '--bail', '-w', '1', '--silent'];
  const run = spawn(process.execPath, [...node, ...specs, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  return new Promise((done) => run.on('close', (code) => done({ passed: code === 0, output })));
}
