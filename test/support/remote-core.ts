import { randomBytes } from 'node:crypto';
import type { CoreOptions } from 'latchkey';

type EngineOptions = { accessTokenLifetimeSeconds?: number; refreshTokenLifetimeSeconds?: number };

/** Where the core service of this test file is, in the Jest project that runs on one. */
declare global {
  var LATCHKEY_TEST_CORE_URL: string | undefined;
}

/** What an option of an embedded core is called in the configuration of an app, and in which unit. */
const CORE_CONFIG: Record<string, [key: string, inUnit: (value: number) => number]> = {
  accessTokenLifetimeSeconds: ['access_token_validity', (seconds) => seconds],
  refreshTokenLifetimeSeconds: ['refresh_token_validity', (seconds) => seconds / 60],
  refreshGraceSeconds: ['refresh_token_rotation_grace_period', (seconds) => seconds],
  signingKeyLifetimeHours: ['access_token_dynamic_signing_key_update_interval', (hours) => hours],
  passwordResetTokenLifetimeSeconds: ['password_reset_token_lifetime', (seconds) => seconds * 1000],
};

const created = new Set<Promise<void>>();

/**
 * An app of its own in the core service.
 * @returns undefined where an option is one that no app of a service has: the test then runs on an embedded core
 */
export function remoteCore(options: Partial<CoreOptions>): CoreOptions | undefined {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  if (entries.some(([name]) => !Object.hasOwn(CORE_CONFIG, name)) || isTooShort(options as EngineOptions)) {
    process.stderr.write(`Not over a core service, whose apps cannot have it: ${JSON.stringify(options)}\n`);
    return undefined;
  }
  const coreConfig = entries.map(([name, value]) => {
    const [key, inUnit] = CORE_CONFIG[name]!;
    return [key, inUnit(value as number)];
  });
  const appId = randomBytes(6).toString('hex');
  created.add(createApp(appId, Object.fromEntries(coreConfig)));
  return { connectionURI: `${globalThis.LATCHKEY_TEST_CORE_URL}/appid-${appId}` };
}

/** A service wants sessions to outlive their access tokens, and these to live for more than a request or two. */
function isTooShort(options: EngineOptions): boolean {
  const { accessTokenLifetimeSeconds = 3600, refreshTokenLifetimeSeconds = 8_640_000 } = options;
  return accessTokenLifetimeSeconds < 5 || refreshTokenLifetimeSeconds <= accessTokenLifetimeSeconds;
}

/** Waits until every app that was asked for is there. */
export async function remoteCoresReady(): Promise<void> {
  await Promise.all(created);
}

async function createApp(appId: string, coreConfig: object): Promise<void> {
  const response = await fetch(`${globalThis.LATCHKEY_TEST_CORE_URL}/recipe/multitenancy/app/v2`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ appId, coreConfig }),
  });
  if (!response.ok) throw new Error(`No app for the test: ${response.status} ${await response.text()}`);
}
