import { describe, expect, it } from '@jest/globals';
import { normaliseAppInfo } from './app-info.js';
import { websitePage } from './website-page.js';

const domains = { apiDomain: 'https://api.example.com', websiteDomain: 'https://www.example.com' };
const appInfo = normaliseAppInfo({ appName: 'Acme', ...domains, websiteBasePath: '/account/' });

describe('A page of the website', () => {
  it('is linked to with its parameters in their order, whatever they hold', () => {
    const page = websitePage('/reset-password', ['token', 'tenantId']);
    expect(page.link(appInfo, { tenantId: 'a b', token: 'x&y=#z' }, undefined, {})).toBe(
      'https://www.example.com/account/reset-password?token=x%26y%3D%23z&tenantId=a+b',
    );
  });

  it('may have a value that browsers send to no server', () => {
    const page = websitePage('/verify', ['tenantId'], 'linkCode');
    expect(page.link(appInfo, { tenantId: 'public', linkCode: 'a/b#c' }, undefined, {})).toBe(
      'https://www.example.com/account/verify?tenantId=public#a%2Fb%23c',
    );
  });
});
