import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from 'latchkey';
import { readSettings } from '../../../src/config/settings.js';
import { temporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

// That the command ends with these words is shown for some of them in command.spec.ts: each start is a process.
describe('a setting of the core service that is wrong', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder.remove());

  async function refusal(configFile: string | undefined, environment: NodeJS.ProcessEnv): Promise<string> {
    const error: unknown = await readSettings(configFile, environment).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    const { message } = error as ConfigurationError;
    expect(message).not.toContain('secret');
    return message;
  }

  it.each([
    [{ PORT: 'high' }, /^Core service: option port is "high"\. Give a whole number from 0 to 65535, by PORT or in/],
    [{ PORT: '65536' }, /option port is "65536"/],
    [
      { LATCHKEY_REQUESTS_PER_SECOND: '-1' },
      /option requestsPerSecond is "-1"\. Give a whole number of requests from 1/,
    ],
    [{ LATCHKEY_OPEN_APPS: '0' }, /option openApps is "0"\. Give a whole number of apps from 1 to 100000, by LATCHKEY/],
    [{ LATCHKEY_LOG_LEVEL: 'loud' }, /option logLevel is "loud"\. Give one of fatal, error, warn, log/],
    [
      { LATCHKEY_REFRESH_GRACE_SECONDS: '-1' },
      /option refreshGraceSeconds is "-1"\. Give a whole number of seconds from 0/,
    ],
    [{ LATCHKEY_REFRESH_TOKEN_LIFETIME_SECONDS: '60' }, /refreshTokenLifetimeSeconds is 60, shorter than/],
    [
      { LATCHKEY_DATABASE: 'postgers://u:secret@h/d' },
      /^Core service: The database is not a connection string.*LATCHKEY_DATABASE/,
    ],
    [{ LATCHKEY_FIREBASE_SIGNER_KEY: 'secret!' }, /option firebaseSignerKey is not a text in base64\. Give/],
    [{ LATCHKEY_SCHEMA: 'x' }, /SQLite has no schemas/],
  ] as [NodeJS.ProcessEnv, RegExp][])('is named in words: %j', async (environment, message) => {
    expect(await refusal(undefined, environment)).toMatch(message);
  });

  it.each([
    ['{', /is not JSON/],
    ['[]', /holds no object/],
    ['{"prot": 1}', /there is no option prot/],
    ['{"apiKeys": ["secret", 7]}', /option apiKeys is not a list of keys/],
    ['{"database": {"password": "secret"}}', /option database is no text/],
  ])('is named in words where it is in the file: %s', async (content, message) => {
    const file = folder.path('core.json');
    writeFileSync(file, content);
    expect(await refusal(file, {})).toMatch(message);
  });
});
