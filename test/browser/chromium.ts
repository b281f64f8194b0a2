import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first is Chromium without windows, which Debian packs by itself: it needs half of the time. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** @returns the path of an installed browser; `CHROMIUM_PATH` names one that is somewhere else */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const folders = ['/usr/bin', ...PATH.split(delimiter)];
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** Chromium without what it would fetch or try by itself. */
export const CHROMIUM_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Threads of the browser's process, not processes: what they do is the same.
  '--in-process-gpu',
  '--enable-features=NetworkServiceInProcess2',
];

export const HOW_TO_INSTALL =
  'The tests in a browser are skipped: no Chromium is found. Install it (apt-get install chromium), ' +
  'or set CHROMIUM_PATH to the path of Chromium or Chrome.';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
