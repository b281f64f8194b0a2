import {
  type CreateJWTInput,
  type JsonWebKeySet,
  MAX_JWKS_AGE_SECONDS,
  SigningKeysCore,
} from '../signing-keys.core.js';
import type { NeedsHousekeeping } from './engine-part.js';
import { generateSigningKey, importSigningKey, type SigningKey, type SigningKeySource } from './signing-key.js';
import { jwtPayload, signJWT } from './jwt.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';
import { SigningKeysStorage } from './storage/signing-keys.storage.js';
import { kindOfKid, type SigningKeyKind } from '../access-token/signing-key-kind.js';

/** How long the keys as they were read are taken for current where it matters. */
const MAX_STALENESS_MS = 1000;
/** For processes whose clocks differ, and tokens that were being signed while their key was replaced. */
const RETIREMENT_MARGIN_MS = 600_000;

type KeyRing = ReadonlyMap<string, SigningKey>;

/** The algorithm is that of keys to be made: those that are there sign until they have served their time. */
interface SigningKeyOptions extends SigningKeySource {
  signingKeyLifetimeMs: number;
  accessTokenLifetimeMs: number;
}

/**
 * Keeps the keys in memory. Another process may rotate at any time, so a key that is not known here is
 * looked up, but no more than about once a second, since key ids come from anyone who sends a token.
 */
export class EmbeddedSigningKeysCore extends SigningKeysCore implements NeedsHousekeeping {
  private readonly storage: SigningKeysStorage;
  private ring: KeyRing = new Map();
  private loadedAtMs = Number.NEGATIVE_INFINITY;
  private readonly pending = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: SqlAuthDatabase,
    private readonly options: SigningKeyOptions,
  ) {
    super();
    this.storage = new SigningKeysStorage(database);
  }

  /** The key to sign with now; made when there is none yet, or when the dynamic one has served its time. */
  async signingKey(kind: SigningKeyKind): Promise<SigningKey> {
    const key = newest(this.ring, kind);
    if (key !== undefined && !this.isDue(key)) return key;
    return this.shared(`renew-${kind}`, () => this.renew(kind));
  }

  async verificationKey(kid: string): Promise<SigningKey | undefined> {
    const known = this.ring.get(kid);
    const kind = kindOfKid(kid);
    if (known !== undefined || kind === undefined) return known;
    // Where a key is due, another process may have made it just now: no moment to be sparing with looks.
    const current = await this.signingKey(kind);
    return current.kid === kid ? current : (await this.freshRing()).get(kid);
  }

  async getJWKS(): Promise<JsonWebKeySet> {
    await this.freshRing();
    const dynamic = await this.signingKey('dynamic');
    await this.signingKey('static');

    // Until the next rotation the set is what it is now; a client must have asked again by then.
    const remainingMs = this.dueAt(dynamic) - this.options.clock();
    const remainingSeconds = Math.max(0, Math.ceil(remainingMs / 1000) - 1);
    return {
      keys: [...this.ring.values()].map((key) => ({ ...key.publicJwk })),
      maxAgeSeconds: Math.min(MAX_JWKS_AGE_SECONDS, remainingSeconds),
    };
  }

  async createJWT(input: CreateJWTInput): Promise<{ status: 'OK'; jwt: string }> {
    const payload = jwtPayload(input, this.options.clock());
    const key = await this.signingKey(input.useDynamicSigningKey ? 'dynamic' : 'static');
    return { status: 'OK', jwt: await signJWT(payload, key) };
  }

  /** Of the newest key in the database; one that is due is left to who signs by it. */
  async dynamicKeyTimes(): Promise<{ createdAtMs: number; dueAtMs: number }> {
    const key = newest(await this.load(), 'dynamic') ?? (await this.signingKey('dynamic'));
    return { createdAtMs: key.createdAtMs, dueAtMs: this.dueAt(key) };
  }

  async housekeep(): Promise<void> {
    await this.load();
    const current = await this.signingKey('dynamic');
    const retired = [...this.ring.values()].filter((key) => key !== current && this.isRetired(key));
    if (retired.length === 0) return;
    await this.storage.delete(retired.map((key) => key.kid));
    await this.load();
  }

  private dueAt(key: SigningKey): number {
    return key.createdAtMs + this.options.signingKeyLifetimeMs;
  }

  private isDue(key: SigningKey): boolean {
    return key.kind === 'dynamic' && this.options.clock() >= this.dueAt(key);
  }

  /** No token that it signed can be alive. */
  private isRetired(key: SigningKey): boolean {
    const lastExpiryMs = this.dueAt(key) + this.options.accessTokenLifetimeMs;
    return key.kind === 'dynamic' && this.options.clock() > lastExpiryMs + RETIREMENT_MARGIN_MS;
  }

  /** Of several processes that come here at once, one fills the next place in the sequence; all use its key. */
  private async renew(kind: SigningKeyKind): Promise<SigningKey> {
    const current = newest(await this.load(), kind);
    if (current !== undefined && !this.isDue(current)) return current;

    const sequence = (current?.sequence ?? 0) + 1;
    await this.storage.insert(await generateSigningKey(kind, sequence, this.options));
    const key = newest(await this.load(), kind);
    if (key === undefined) throw new Error(`No ${kind} signing key after one was stored`);
    return key;
  }

  private async freshRing(): Promise<KeyRing> {
    // The distance, not the difference: a clock that was set back must not stop the reloading.
    const staleness = Math.abs(this.options.clock() - this.loadedAtMs);
    if (staleness < MAX_STALENESS_MS) return this.ring;
    return this.shared('load', () => this.load());
  }

  private async load(): Promise<KeyRing> {
    const rows = await this.storage.list();
    const keys = await Promise.all(rows.map((row) => this.ring.get(row.kid) ?? importSigningKey(row)));
    const ring: KeyRing = new Map(keys.map((key) => [key.kid, key]));
    // A key that was stored within a transaction is everybody's only when that is committed.
    await this.database.afterCommit(() => {
      this.ring = ring;
      this.loadedAtMs = this.options.clock();
    });
    return ring;
  }

  /**
   * Concurrent callers share one run, except inside a transaction: a caller that waits there for one
   * outside, which in turn waits for the connection of that transaction, would wait forever.
   */
  private async shared<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.database.inTransaction) return work();
    const running = (this.pending.get(name) as Promise<T> | undefined) ?? work();
    this.pending.set(name, running);
    try {
      return await running;
    } finally {
      if (this.pending.get(name) === running) this.pending.delete(name);
    }
  }
}

function newest(ring: KeyRing, kind: SigningKeyKind): SigningKey | undefined {
  let found: SigningKey | undefined;
  for (const key of ring.values()) {
    if (key.kind === kind && (found === undefined || key.sequence > found.sequence)) found = key;
  }
  return found;
}
