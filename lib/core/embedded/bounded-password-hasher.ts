import { randomBytes } from 'node:crypto';
import { BoundedLine, type IsAbandoned, type LineLimits } from '../bounded-line.js';
import { PasswordHasher } from '../password-hasher.js';
import { Argon2PasswordHasher } from './argon2-password-hasher.js';

/**
 * Any `PasswordHasher`, the application's as well, behind a line.
 *
 * Nothing that holds a place waits for the database or for another place, so that a hash within a transaction cannot lock up.
 */
export class BoundedPasswordHasher extends PasswordHasher {
  private readonly line: BoundedLine;

  private constructor(
    private readonly hasher: PasswordHasher,
    limits: LineLimits,
  ) {
    super();
    this.line = new BoundedLine(limits, 'passwords wait to be hashed');
  }

  /** @returns `hasher` itself where it has a line already, which several cores of one process share then */
  static around(hasher: PasswordHasher, limits: LineLimits): BoundedPasswordHasher {
    return hasher instanceof BoundedPasswordHasher ? hasher : new BoundedPasswordHasher(hasher, limits);
  }

  /** A hash that no password matches, of the kind and cost that `hash` makes. */
  async decoy(): Promise<string> {
    const decoy = this.hasher instanceof Argon2PasswordHasher ? this.hasher.decoy() : undefined;
    return decoy ?? this.hash(randomBytes(32).toString('base64url'));
  }

  /** @throws {OverloadedError} */
  hash(password: string): Promise<string> {
    return this.inOnePlace((hasher) => hasher.hash(password));
  }

  /** @throws {OverloadedError} */
  verify(password: string, hash: string): Promise<boolean> {
    return this.inOnePlace((hasher) => hasher.verify(password, hash));
  }

  /**
   * For several hashes that belong together: they wait once, and are not refused half-way.
   * @param work must await each hash before it begins the next, and nothing else
   * @throws {OverloadedError}
   */
  inOnePlace<T>(work: (hasher: PasswordHasher) => Promise<T>, isAbandoned?: IsAbandoned): Promise<T> {
    return this.line.run(() => work(this.hasher), isAbandoned);
  }

  needsRehash(hash: string): boolean {
    return this.hasher.needsRehash(hash);
  }

  override coversAllOf(password: string, hash: string): boolean {
    return this.hasher.coversAllOf(password, hash);
  }
}
