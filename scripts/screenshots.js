// Takes the README's pictures of a sample that runs: npm start, and then node scripts/screenshots.js [url]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const url = process.argv[2] ?? 'http://localhost:3000';
const folder = fileURLToPath(new URL('../docs/images', import.meta.url));
const executablePath = process.env.CHROMIUM_PATH || '/usr/bin/chromium';

/** With what is there once the page is drawn. */
const PAGES = [
  ['front', '/', { width: 1280, height: 1180 }, '#overrides li'],
  ['login', '/login', { width: 700, height: 620 }, 'input[name=password]'],
];

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
for (const colorScheme of ['light', 'dark']) {
  for (const [name, path, viewport, drawn] of PAGES) {
    const page = await browser.newPage({ colorScheme, viewport, reducedMotion: 'reduce' });
    await page.goto(url + path, { waitUntil: 'networkidle' });
    await page.locator(drawn).first().waitFor();
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
    await page.close();
  }
}
await browser.close();
