import { randomBytes } from 'node:crypto';
import { PasswordHasher } from '../password-hasher.js';
import type { FirebasePasswordHashingOptions, PasswordHashing } from '../password-hashing.options.js';
import { parseArgon2 } from './argon2-hash.js';
import { parseFirebaseScrypt, verifyFirebaseScrypt } from './firebase-scrypt.js';
import { parseScrypt, verifyScrypt } from './scrypt.js';

// The package declares these as const enums, which cannot be imported file by file.
const ARGON2ID = 2;
const VERSION = 19;

const SALT_BYTES = 16;
const HASH_BYTES = 32;

// Binaries of several megabytes, which a start does not need.
const argon2 = () => import('@node-rs/argon2');
const bcrypt = () => import('@node-rs/bcrypt');

const BCRYPT = /^\$2[aby]\$/;
const BCRYPT_MAX_BYTES = 72;

/** Argon2id. Verifies argon2 hashes of any parameters, bcrypt, scrypt and Firebase ones, which users may be imported with. */
export class Argon2PasswordHasher extends PasswordHasher {
  constructor(
    private readonly options: PasswordHashing,
    private readonly firebase?: FirebasePasswordHashingOptions,
  ) {
    super();
  }

  /** Loads what hashes, so that no request waits for it. */
  async load(): Promise<void> {
    await Promise.all([argon2(), bcrypt()]);
  }

  /** @returns a hash that no password matches, without the time that hashing takes; undefined where a subclass makes others */
  decoy(): string | undefined {
    const { hash, verify } = Argon2PasswordHasher.prototype;
    if (this.hash !== hash || this.verify !== verify) return undefined;
    const { memoryCostKiB, timeCost, parallelism } = this.options;
    const [salt, digest] = [SALT_BYTES, HASH_BYTES].map((length) =>
      randomBytes(length).toString('base64').replace(/=+$/, ''),
    );
    return `$argon2id$v=${VERSION}$m=${memoryCostKiB},t=${timeCost},p=${parallelism}$${salt}$${digest}`;
  }

  async hash(password: string): Promise<string> {
    const { hash } = await argon2();
    return hash(password, {
      algorithm: ARGON2ID,
      memoryCost: this.options.memoryCostKiB,
      timeCost: this.options.timeCost,
      parallelism: this.options.parallelism,
    });
  }

  async verify(password: string, passwordHash: string): Promise<boolean> {
    try {
      if (passwordHash.startsWith('$argon2')) return await (await argon2()).verify(passwordHash, password);
      if (BCRYPT.test(passwordHash)) return await this.verifyBcrypt(password, passwordHash);
      const scryptHash = parseScrypt(passwordHash);
      if (scryptHash !== undefined) return await verifyScrypt(password, scryptHash);
      return await this.verifyFirebase(password, passwordHash);
    } catch {
      return false;
    }
  }

  /** Bcrypt also begins again after the end, which is a NUL to it: a hash of `secret` matches `secret`, NUL, `secret`. */
  override coversAllOf(password: string, passwordHash: string): boolean {
    if (!BCRYPT.test(passwordHash)) return true;
    return Buffer.byteLength(password) <= BCRYPT_MAX_BYTES && !password.includes('\0');
  }

  private async verifyBcrypt(password: string, passwordHash: string): Promise<boolean> {
    const { verify } = await bcrypt();
    const matches = await verify(password, passwordHash);
    // Refused after the same time that a wrong password takes.
    return matches && (this.options.bcryptBeyond72Bytes === 'accept' || this.coversAllOf(password, passwordHash));
  }

  private async verifyFirebase(password: string, passwordHash: string): Promise<boolean> {
    const parsed = parseFirebaseScrypt(passwordHash);
    if (parsed === undefined || this.firebase === undefined) return false;
    return verifyFirebaseScrypt(password, parsed, this.firebase.signerKey);
  }

  needsRehash(passwordHash: string): boolean {
    const used = parseArgon2(passwordHash);
    return (
      used?.algorithm !== 'argon2id' ||
      used.version !== VERSION ||
      used.memoryCostKiB !== this.options.memoryCostKiB ||
      used.timeCost !== this.options.timeCost ||
      used.parallelism !== this.options.parallelism
    );
  }
}
