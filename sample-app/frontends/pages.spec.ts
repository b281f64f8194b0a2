import { describe, expect, it } from '@jest/globals';
import { ConfiguredIdentityProvider } from '../identity-provider/configured-identity-provider.js';
import { NoIdentityProvider } from '../identity-provider/no-identity-provider.js';
import type { Settings } from '../settings/settings.js';
import { Pages } from './pages.js';

const settings = { administratorEmail: 'boss@example.com' } as Settings;
const client = { issuer: 'https://id.example', clientId: 'sample', clientSecret: 'secret' };

describe('the pages', () => {
  it.each(['index.html', 'front.html'])('offer in %s the provider that there is, by its name', async (file) => {
    const pages = new Pages(new ConfiguredIdentityProvider({ ...client, name: '<Acme>' }), settings);
    const page = await pages.html(file);
    expect(page).toContain('Continue with &#60;Acme&#62;');
    expect(page).not.toContain('{{');
  });

  it.each(['index.html', 'front.html'])('offer no provider in %s where the sample has none', async (file) => {
    const page = await new Pages(new NoIdentityProvider(), settings).html(file);
    expect(page).toContain('</main>');
    expect(page).not.toMatch(/Continue with|data-provider|\{\{/);
  });

  it('name the administrator', async () => {
    expect(await new Pages(new NoIdentityProvider(), settings).html('front.html')).toContain('boss@example.com');
  });
});
