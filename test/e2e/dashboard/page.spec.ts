import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { DashboardApi, DashboardRecipe, type DashboardOpenInput } from 'latchkey';
import { appInfo } from '../../support/auth-app.js';
import { API_KEY, startDashboardApp, type DashboardApp } from '../../support/dashboard-app.js';
import { frameworks, onExpress, onFastify } from '../../support/frameworks.js';

function valuesIn(html: string): Record<string, unknown> {
  const values = [...html.matchAll(/window\.(\w+)=("(?:[^"\\]|\\.)*");/g)];
  return Object.fromEntries(values.map(([, name, text]) => [name, JSON.parse(text!)]));
}

describe.each(frameworks)('the page of the dashboard on %s', (framework) => {
  let app: DashboardApp;
  beforeAll(async () => {
    app = await startDashboardApp(framework);
  });
  afterAll(() => app.app.close());

  it.each(['dashboard', 'dashboard/roles', 'dashboard/tenants'])('is there for everybody at /auth/%s', async (path) => {
    const response = await fetch(`${app.url}/auth/${path}`);
    const html = await response.text();
    const nonce = /<script nonce="([^"]+)"/.exec(html)![1];
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; ` +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(valuesIn(html)).toEqual({
      staticBasePath: '/auth/dashboard/assets',
      dashboardAppPath: '/auth/dashboard',
      connectionURI: '',
      authMode: 'api-key',
      isSearchEnabled: 'true',
    });
    expect(html).toContain('src="/auth/dashboard/assets/dashboard.js?v=');
    expect(html).not.toContain(appInfo.appName);
  });

  it('has a nonce that is used once', async () => {
    const [one, other] = await Promise.all([0, 1].map(async () => (await fetch(`${app.url}/auth/dashboard`)).text()));
    expect(one).not.toBe(other);
  });

  it.each(['package.json', '..%2f..%2fpackage.json', '..%2Flib%2Findex.js', '.env', 'none.js', 'a.css%00.js'])(
    'serves no other file: %s',
    async (file) => {
      expect((await fetch(`${app.url}/auth/dashboard/assets/${file}`)).status).toBe(404);
    },
  );
});

describe.each(onExpress)('where the page is on %s', (framework) => {
  it('is told behind a global prefix and a gateway', async () => {
    const app = await startDashboardApp(framework, {
      auth: { appInfo: { ...appInfo, apiGatewayPath: '/gateway' } },
      configure: (nest) => void nest.setGlobalPrefix('api'),
    });
    try {
      const html = await (await fetch(`${app.url}/api/auth/dashboard`)).text();
      expect(valuesIn(html)).toMatchObject({ dashboardAppPath: '/gateway/api/auth/dashboard' });
    } finally {
      await app.app.close();
    }
  });
});

describe.each(onFastify)('another page on %s', (framework) => {
  @Injectable()
  class Titled extends DashboardApi {
    override async dashboardGET(input: DashboardOpenInput) {
      return (await super.dashboardGET(input)).replace('<title>Dashboard', '<title>Acme');
    }
  }

  it('is served from elsewhere, from nowhere else, and changed by an override', async () => {
    const app = await startDashboardApp(framework, {
      dashboard: { bundleLocation: 'https://cdn.example.com/dashboard/build/', override: { apis: Titled } },
    });
    try {
      const response = await fetch(`${app.url}/auth/dashboard`);
      const html = await response.text();
      expect(valuesIn(html)).toMatchObject({
        staticBasePath: 'https://cdn.example.com/dashboard/build/static',
        authMode: 'email-password',
      });
      expect(html).toContain('src="https://cdn.example.com/dashboard/build/static/js/bundle.js"');
      expect(html).toContain('href="https://cdn.example.com/dashboard/build/static/css/main.css"');
      expect(html).toContain('<title>Acme');
      expect(response.headers.get('content-security-policy')).toMatch(
        /script-src https:\/\/cdn\.example\.com 'nonce-[^']+'; style-src https:\/\/cdn\.example\.com 'unsafe-inline'/,
      );
    } finally {
      await app.app.close();
    }
  });
});

describe('options of the dashboard', () => {
  it.each<[object, RegExp]>([
    [{ apiKey: 'short' }, /option apiKey is "short"\. Give a key of at least 24/],
    [{ apiKey: `${API_KEY} ` }, /without spaces/],
    [{ admins: ['ann'] }, /option admins\[0\] is "ann"\. Give an email address/],
    [{ bundleLocation: "https://x.example.com/'; script-src *" }, /option bundleLocation is/],
    [{ bundleLocation: 'javascript:alert(1)' }, /option bundleLocation is/],
    [{ key: API_KEY }, /there is no option key/],
  ])('%j are refused', async (options, message) => {
    await expect(startDashboardApp('Express', { dashboard: options as never })).rejects.toThrow(message);
    expect(DashboardRecipe).toBeDefined();
  });
});
