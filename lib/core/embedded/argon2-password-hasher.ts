import { hash, parseOptions, verify } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import { PasswordHasher } from '../password-hasher.js';
import type { FirebasePasswordHashingOptions, PasswordHashing } from '../password-hashing.options.js';
import { parseFirebaseScrypt, verifyFirebaseScrypt } from './firebase-scrypt.js';
import { parseScrypt, verifyScrypt } from './scrypt.js';

// The package declares these as const enums, which cannot be imported file by file.
const ARGON2ID = 2;
const ARGON2_VERSION_19 = 1;

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

  async hash(password: string): Promise<string> {
    return hash(password, {
      algorithm: ARGON2ID,
      memoryCost: this.options.memoryCostKiB,
      timeCost: this.options.timeCost,
      parallelism: this.options.parallelism,
    });
  }

  async verify(password: string, passwordHash: string): Promise<boolean> {
    try {
      if (passwordHash.startsWith('$argon2')) return await verify(passwordHash, password);
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
    const matches = await verifyBcrypt(password, passwordHash);
    // Refused after the same time that a wrong password takes.
    return matches && (this.options.bcryptBeyond72Bytes === 'accept' || this.coversAllOf(password, passwordHash));
  }

  private async verifyFirebase(password: string, passwordHash: string): Promise<boolean> {
    const parsed = parseFirebaseScrypt(passwordHash);
    if (parsed === undefined || this.firebase === undefined) return false;
    return verifyFirebaseScrypt(password, parsed, this.firebase.signerKey);
  }

  needsRehash(passwordHash: string): boolean {
    try {
      const used = parseOptions(passwordHash);
      return (
        used.algorithm !== ARGON2ID ||
        used.version !== ARGON2_VERSION_19 ||
        used.memoryCost !== this.options.memoryCostKiB ||
        used.timeCost !== this.options.timeCost ||
        used.parallelism !== this.options.parallelism
      );
    } catch {
      return true;
    }
  }
}
