import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/asvs.md'), 'utf8');

/**
 * How many requirements of level 1 and 2 each section of ASVS 5.0.0 has: they come first and are numbered from 1. V6.7 has
 * those of level 3 only.
 */
const SECTIONS: Record<string, Record<string, number>> = {
  6: { 1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4 },
  7: { 1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2 },
  9: { 1: 3, 2: 4 },
  10: { 1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3 },
};
/** How many of each chapter are of level 1. */
const OF_LEVEL_1 = { 6: 13, 7: 6, 9: 4, 10: 5 };

const VERDICT =
  /^(?:met by (?:option `[^`]+`, off by default: )?(?<proofs>(?:`[^`]+`(?:, )?)+)|not applicable: .+|not met: .+)/;

const rows = page
  .split('\n')
  .filter((line) => /^- \*\*\d/.test(line))
  .map((line) => {
    const parts = /^- \*\*(?<number>[\d.]+)\*\* \((?<level>\d)\) (?<requirement>.+?): (?<verdict>(?:met|not) .+)$/.exec(
      line,
    );
    const { number = line, level, requirement = '', verdict = '' } = parts?.groups ?? {};
    return { number, level: Number(level), requirement, verdict };
  });

const isWhole = (number: string) => /^(?:6|7|9|10)\./.test(number);

describe('docs/asvs.md', () => {
  it('has every requirement of level 1 and 2 of V6, V7, V9 and V10, once and in order', () => {
    const expected = Object.entries(SECTIONS).flatMap(([chapter, sections]) =>
      Object.entries(sections).flatMap(([section, count]) =>
        Array.from({ length: count }, (_, at) => `${chapter}.${section}.${at + 1}`),
      ),
    );
    expect(rows.map(({ number }) => number).filter(isWhole)).toEqual(expected);
    const levels = Object.keys(OF_LEVEL_1).map((chapter) => [
      chapter,
      rows.filter(({ number, level }) => number.startsWith(`${chapter}.`) && level === 1).length,
    ]);
    expect(Object.fromEntries(levels)).toEqual(OF_LEVEL_1);
  });

  it('has a verdict in every line', () => {
    const without = rows.filter(
      ({ requirement, level, verdict }) => requirement === '' || ![1, 2].includes(level) || !VERDICT.test(verdict),
    );
    expect(without).toEqual([]);
  });

  it('names files that exist, and tests or pages where something is met', () => {
    const named = rows.flatMap(({ verdict }) =>
      [...verdict.matchAll(/`([^`\s]+\/[^`\s]+)`/g)].map(([, file]) => file!),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const proofs = rows.flatMap(({ verdict }) => VERDICT.exec(verdict)?.groups?.proofs?.match(/[^`, ]+/g) ?? []);
    expect(proofs.filter((file) => !/^(?:lib|test)\/.+\.spec\.ts$|^docs\/.+\.md$/.test(file))).toEqual([]);
  });

  it('counts them', () => {
    const of = (word: string) => rows.filter(({ verdict }) => verdict.startsWith(word)).length;
    const [byOption, without, open] = [of('met by option'), of('not applicable'), of('not met')];
    const met = of('met by') - byOption;
    expect(page.replaceAll(/\s+/g, ' ')).toContain(
      `Of ${rows.length} requirements ${met} are met, ${byOption} are met by an option, ${without} are not applicable and ${open} are not met.`,
    );
  });
});
