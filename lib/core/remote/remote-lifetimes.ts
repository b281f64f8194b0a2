import { z } from 'zod';
import { sessionOptions } from '../engine-options.js';
import { ok } from './core-answers.js';
import type { CoreClient } from './core-client.js';

const MINUTE_MS = 60_000;

const config = ok.extend({
  config: z.array(z.object({ key: z.string(), value: z.unknown(), defaultValue: z.unknown() })),
});

/** How long tokens live is a matter of the core, which tells it with the rest of its configuration. */
export async function readLifetimes(client: CoreClient): Promise<{ accessTokenMs: number; refreshTokenMs: number }> {
  const path = '/recipe/dashboard/tenant/core-config';
  const { config: entries } = await client.call({ method: 'GET', path, answer: config });
  const numberOf = (key: string, fallback: number): number => {
    const entry = entries.find((candidate) => candidate.key === key);
    const value = Number(entry?.value ?? entry?.defaultValue ?? fallback);
    return Number.isFinite(value) && value > 0 ? value : fallback;
  };
  return {
    // In seconds and in minutes, as the core is configured.
    accessTokenMs: 1000 * numberOf('access_token_validity', sessionOptions.accessTokenLifetimeSeconds.default),
    refreshTokenMs: Math.round(
      MINUTE_MS * numberOf('refresh_token_validity', sessionOptions.refreshTokenLifetimeSeconds.default / 60),
    ),
  };
}
