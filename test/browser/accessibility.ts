import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface Violation {
  id: string;
  impact: string | null;
  nodes: { target: unknown[] }[];
}

let source: string | undefined;

/** Once for a document: it is half a megabyte. In ASCII, since the browser copies any other text as UTF-16, more than once. */
export async function loadAxe(page: Page): Promise<void> {
  if (await page.evaluate<boolean>("'axe' in window")) return;
  source ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8').replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  await page.evaluate(source);
}

/** @returns what axe-core calls serious or critical on the page as it is shown, light and dark, with where it is */
export async function seriousViolations(page: Page): Promise<string[]> {
  await loadAxe(page);
  const light = await violations(page, '{}');
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await violations(page, "{ runOnly: ['color-contrast'] }");
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((violation) => `dark: ${violation}`)];
}

/** @returns by how much the page is wider than a phone's screen, if it is */
export async function tooWideOnPhone(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  const root = 'document.documentElement';
  const excess = await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`);
  if (before !== null) await page.setViewportSize(before);
  return excess > 0 ? [`${excess} px too wide for a phone`] : [];
}

async function violations(page: Page, options: string): Promise<string[]> {
  const found = await page.evaluate<Violation[]>(`axe.run(${options}).then(({ violations }) => violations)`);
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(', ')}`);
}
