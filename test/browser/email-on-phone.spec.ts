import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { de } from '../../lib/delivery/templates/de.js';
import { en } from '../../lib/delivery/templates/en.js';
import { renderEmail } from '../../lib/delivery/templates/render-email.js';
import { passwordResetEmail } from '../../lib/recipes/email-password/password-reset.email.js';
import { CHROMIUM_ARGUMENTS, findChromium, HOW_TO_INSTALL } from './chromium.js';

const executablePath = findChromium();
if (executablePath === undefined) console.warn(HOW_TO_INSTALL);

/** The narrowest phones. */
const WIDTH = 320;
const LONG_ADDRESS = 'adalovelacecountess@analyticalengines.london';
const { texts } = passwordResetEmail;

(executablePath === undefined ? describe.skip : describe)('An email on a phone', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
    page = await browser.newPage({ viewport: { width: WIDTH, height: 640 }, isMobile: true });
  }, 60_000);
  afterAll(() => browser?.close());

  it.each([
    ['en', { ...en, ...texts.en }, 'Acme'],
    ['de', { ...de, ...texts.de! }, 'Acme'],
    ['en', { ...en, ...texts.en }, 'Donaudampfschifffahrtsgesellschaft'.repeat(2)],
  ])('fits its screen, in %s', async (locale, words, appName) => {
    const link = `https://www.example.com/auth/reset-password?token=${'x'.repeat(64)}&tenantId=public`;
    const email = { appName, email: LONG_ADDRESS, link, code: '123 456', expiresAtMs: Date.now() + 3_600_000 };
    const { html } = renderEmail({ texts: words, locale, brand: {}, ...email });
    await page.setContent(html);
    const isShown = await page.getByText(LONG_ADDRESS).first().isVisible();
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect({ isShown, width }).toEqual({ isShown: true, width: WIDTH });
  });
});
