import { describe, expect, it } from '@jest/globals';
import { startAuthApp } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';
import { RecordedLog } from '../../support/recorded-log.js';

describe.each(onExpress)('A core elsewhere, at the start on %s', (framework) => {
  /** @returns the warnings that speak of the core */
  async function warnings(connectionURI: string): Promise<string[]> {
    const logger = new RecordedLog();
    const { app } = await startAuthApp(framework, { auth: { core: { connectionURI, apiKey: 'k' } }, logger });
    await app.close();
    return logger.warnings().filter((text) => text.includes('connectionURI'));
  }

  it('is warned of where it is asked over http, once for each of its addresses', async () => {
    const found = await warnings('http://core.invalid:3567/base ; https://safe.invalid;HTTP://192.0.2.1:3567');
    expect(found).toEqual(
      ['http://core.invalid:3567', 'http://192.0.2.1:3567'].map((origin) =>
        expect.stringContaining(
          `core.connectionURI: ${origin} is asked over http, so the API key and passwords can be read on the way. Use https`,
        ),
      ),
    );
  });

  it.each(['https://core.invalid', 'http://localhost:1;http://127.0.0.1:1', 'http://[::1]:1'])(
    'is not warned of where nobody else can read: %s',
    async (connectionURI) => {
      expect(await warnings(connectionURI)).toEqual([]);
    },
  );
});
