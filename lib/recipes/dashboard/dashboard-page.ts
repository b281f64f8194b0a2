import { randomBytes } from 'node:crypto';
import type { DashboardConfig } from './dashboard.options.js';

/** What the page is told. */
interface DashboardPage {
  /** Of the dashboard as browsers see it, such as `/auth/dashboard`. */
  appPath: string;
  /** Where another page than ours is served from, without a slash at its end. */
  bundleLocation: string | undefined;
  authMode: DashboardConfig['authMode'];
  /** Changes with the files of our page, so that browsers keep them until then. */
  version: string;
}

/**
 * The page by itself, with the values that every page of this wire reads from `window`. Nothing of it depends on who asks, and
 * it tells nothing of the installation.
 */
export function renderDashboardPage(page: DashboardPage): string {
  const nonce = randomBytes(18).toString('base64');
  const { appPath, bundleLocation, authMode } = page;
  const staticBasePath = bundleLocation === undefined ? `${appPath}/assets` : `${bundleLocation}/static`;
  const values = { staticBasePath, dashboardAppPath: appPath, connectionURI: '', authMode, isSearchEnabled: 'true' };
  const script = Object.entries(values).map(([name, value]) => `window.${name}=${scriptText(value)};`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex">',
    '<title>Dashboard</title>',
    `<script nonce="${nonce}">${script.join('')}</script>`,
    ...(bundleLocation === undefined ? ownFiles(page, nonce) : otherFiles(bundleLocation, nonce)),
    '</head>',
    '<body>',
    '<noscript>This page needs JavaScript.</noscript>',
    '<div id="root"></div>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function ownFiles({ appPath, version }: DashboardPage, nonce: string): string[] {
  const [css, js] = ['css', 'js'].map((type) => attribute(`${appPath}/assets/dashboard.${type}?v=${version}`));
  return [`<link rel="stylesheet" href="${css}">`, `<script type="module" nonce="${nonce}" src="${js}"></script>`];
}

function otherFiles(location: string, nonce: string): string[] {
  return [
    `<link rel="stylesheet" href="${attribute(`${location}/static/css/main.css`)}">`,
    `<script defer nonce="${nonce}" src="${attribute(`${location}/static/js/bundle.js`)}"></script>`,
  ];
}

/**
 * @param html a page as `renderDashboardPage` makes it, or what an override made of it
 * @returns the policy that lets it load its own files and those of `bundleLocation`, and nothing else
 */
export function contentSecurityPolicy(html: string, bundleLocation: string | undefined): string {
  const nonces = [...html.matchAll(/<script[^>]* nonce="([\w+/=-]+)"/g)].map(([, nonce]) => `'nonce-${nonce}'`);
  const scripts = [...new Set(nonces)].join(' ');
  const others =
    bundleLocation === undefined
      ? ["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"]
      : ((origin) => [
          `script-src ${origin}`,
          // It writes styles of its own.
          `style-src ${origin} 'unsafe-inline'`,
          `img-src ${origin} data:`,
          `font-src ${origin} data:`,
        ])(new URL(bundleLocation).origin);
  const [script, ...rest] = others;
  return [
    "default-src 'none'",
    `${script} ${scripts}`.trim(),
    ...rest,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Nothing in it ends the script. */
function scriptText(value: string): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function attribute(value: string): string {
  return value.replace(/[&"<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
