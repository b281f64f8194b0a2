import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { maxAgeSeconds } from '../cache-control.js';
import { type JsonWebKey, type JsonWebKeySet, MAX_JWKS_AGE_SECONDS } from '../signing-keys.core.js';
import type { CoreClient } from './core-client.js';
import { algorithmOf, importVerificationKey } from '../access-token/signature.js';
import { kindOfKid } from '../access-token/signing-key-kind.js';

/** Key ids come from anyone who sends a token: unknown ones make us ask no more often than this. */
const COOLDOWN_MS = 1000;
/** Where the core does not say how long its keys may be kept. */
const DEFAULT_MAX_AGE_SECONDS = 60;

interface VerificationKey {
  publicKey: KeyObject;
}

const kid = z.string();
const members = z.discriminatedUnion('kty', [
  z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() }),
  z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
]);
const keySet = z.object({ keys: z.array(z.unknown()) });

/**
 * The core's public keys, so that access tokens are verified without asking it. Old ones are renewed in the
 * background and stay good as long as the core cannot be reached.
 */
export class RemoteKeyRing {
  private keys: ReadonlyMap<string, VerificationKey & { jwk: JsonWebKey }> | undefined;
  private maxAgeMs = 0;
  private loadedAtMs = Number.NEGATIVE_INFINITY;
  private lastLook: { atMs: number; error?: unknown } = { atMs: Number.NEGATIVE_INFINITY };
  private loading: Promise<void> | undefined;

  constructor(
    private readonly client: CoreClient,
    private readonly clock: () => number,
  ) {}

  /** @throws {StorageUnavailableError} the key is not known here, and the core does not answer */
  async verificationKey(kid: string): Promise<VerificationKey | undefined> {
    const known = this.keys?.get(kid);
    if (known !== undefined) {
      // What becomes of it is seen next time.
      if (this.remainingMs() <= 0 && !this.hasJustLooked()) void this.load().catch(() => undefined);
      return known;
    }
    if (kindOfKid(kid) === undefined) return undefined;
    if (this.keys === undefined || !this.hasJustLooked()) await this.load();
    else if (this.lastLook.error !== undefined) throw this.lastLook.error;
    return this.keys?.get(kid);
  }

  /** To be called with what the core itself signed: an unknown key in it is worth a look at once. */
  expect(kid: string): void {
    if (this.keys !== undefined && !this.keys.has(kid)) this.lastLook = { atMs: Number.NEGATIVE_INFINITY };
  }

  /** The set, not older than the core allows while it can be asked. */
  async published(): Promise<JsonWebKeySet> {
    if (this.keys === undefined) await this.load();
    else if (this.remainingMs() <= 0) await this.renew();
    const keys = [...(this.keys?.values() ?? [])].map(({ jwk }) => ({ ...jwk }));
    const remainingSeconds = Math.max(0, Math.floor(this.remainingMs() / 1000));
    return { keys, maxAgeSeconds: Math.min(MAX_JWKS_AGE_SECONDS, remainingSeconds) };
  }

  private async renew(): Promise<void> {
    if (this.lastLook.error !== undefined && this.hasJustLooked()) return;
    try {
      await this.load();
    } catch {
      // Better the old ones than none.
    }
  }

  private remainingMs(): number {
    return this.maxAgeMs - this.since(this.loadedAtMs);
  }

  private hasJustLooked(): boolean {
    return this.since(this.lastLook.atMs) < COOLDOWN_MS;
  }

  /** The distance, not the difference: a clock that was set back must not stop the reloading. */
  private since(atMs: number): number {
    return Math.abs(this.clock() - atMs);
  }

  private async load(): Promise<void> {
    this.loading ??= this.fetchKeys();
    try {
      await this.loading;
    } finally {
      this.loading = undefined;
    }
  }

  private async fetchKeys(): Promise<void> {
    const atMs = this.clock();
    this.lastLook = { atMs };
    try {
      const path = '/.well-known/jwks.json';
      const { value, headers } = await this.client.callWithHeaders({
        method: 'GET',
        path,
        isVersioned: false,
        answer: keySet,
      });
      const keys = value.keys.map(readKey);
      this.keys = new Map(keys.filter((key) => key !== undefined).map((key) => [key.jwk.kid, key]));
      this.maxAgeMs = 1000 * (maxAgeSeconds(headers.get('cache-control')) ?? DEFAULT_MAX_AGE_SECONDS);
      this.loadedAtMs = atMs;
    } catch (error) {
      this.lastLook = { atMs, error };
      throw error;
    }
  }
}

/** @returns undefined for a key that signs no access tokens, or none that can be read */
function readKey(value: unknown): (VerificationKey & { jwk: JsonWebKey }) | undefined {
  const { data } = members.safeParse(value);
  const id = kid.safeParse((value as { kid?: unknown } | null)?.kid).data;
  if (data === undefined || id === undefined) return undefined;
  try {
    const publicKey = importVerificationKey(data);
    const jwk: JsonWebKey = { ...data, kid: id, alg: algorithmOf(publicKey)!, use: 'sig' };
    return { jwk, publicKey };
  } catch {
    return undefined;
  }
}
