import { OverloadedError } from '../auth.error.js';
import type { IsAbandoned } from '../bounded-line.js';
import type { BoundedPasswordHasher } from './bounded-password-hasher.js';
import { decoyOf, hashingCost } from './password-decoy.js';

/** Hashes of other systems come in few forms. Each more makes a refused sign-in cost one verification more. */
const MAX_COSTS = 8;

/**
 * The way from the engine to a `PasswordHasher`.
 *
 * One password can be written by several sequences of bytes: `ë` is one code point or two, as the keyboard has it. New hashes
 * are made of the normal form NFC; older ones, which were made of what the client sent, are verified against the other
 * forms too (NIST SP 800-63B-4 §3.1.1.2, RFC 8265 §4.2).
 *
 * A refused sign-in takes the same time whether or not the account exists and wherever its hash came from: one
 * verification for each hashing cost that is in use, after one wait in the same line. Costs are learned when users are imported
 * and when they sign in.
 */
export class Passwords {
  /** A hash that no password matches, by hashing cost. */
  private readonly decoys = new Map<string, string>();

  /** @param decoy made by `hasher` of a password that nobody knows */
  constructor(
    private readonly hasher: BoundedPasswordHasher,
    decoy: string,
  ) {
    this.decoys.set(hashingCost(decoy), decoy);
  }

  /** @throws {OverloadedError} */
  hash(password: string, isAbandoned?: IsAbandoned): Promise<string> {
    return this.hasher.inOnePlace((hasher) => hasher.hash(normalForm(password)), isAbandoned);
  }

  /** For a better hash of a password that was verified. @returns undefined where too many wait: the older hash will do */
  async hashUnlessBusy(password: string): Promise<string | undefined> {
    try {
      return await this.hash(password);
    } catch (error) {
      if (error instanceof OverloadedError) return undefined;
      throw error;
    }
  }

  /** From here on, refused sign-ins take the time that this hash takes too. */
  learn(passwordHash: string): void {
    const cost = hashingCost(passwordHash);
    if (this.decoys.has(cost) || this.decoys.size >= MAX_COSTS) return;
    const decoy = decoyOf(passwordHash);
    if (decoy !== undefined) this.decoys.set(cost, decoy);
  }

  /**
   * @param passwordHash undefined where there is no such account: that takes the same time
   * @returns the form of the password that matches; undefined for a wrong one
   * @throws {OverloadedError}
   */
  async verify(
    password: string,
    passwordHash: string | undefined,
    isAbandoned?: IsAbandoned,
  ): Promise<string | undefined> {
    if (passwordHash !== undefined) this.learn(passwordHash);
    const cost = passwordHash === undefined ? undefined : hashingCost(passwordHash);
    return this.hasher.inOnePlace(async (hasher) => {
      for (const form of formsOf(password)) {
        if (passwordHash !== undefined && (await hasher.verify(form, passwordHash))) return form;
        for (const [other, decoy] of this.decoys) if (other !== cost) await hasher.verify(form, decoy);
      }
      return undefined;
    }, isAbandoned);
  }

  /**
   * Whether one of the hashes is of this password. For its user only: the time tells which.
   * @throws {OverloadedError}
   */
  async isOneOf(password: string, passwordHashes: string[]): Promise<boolean> {
    if (passwordHashes.length === 0) return false;
    return this.hasher.inOnePlace(async (hasher) => {
      for (const passwordHash of passwordHashes) {
        for (const form of formsOf(password)) if (await hasher.verify(form, passwordHash)) return true;
      }
      return false;
    });
  }

  /** Whether the hash that `form` matched is to be replaced by one of `hash(form)`. */
  needsRewrite(form: string, passwordHash: string): boolean {
    if (!this.hasher.coversAllOf(form, passwordHash)) return false;
    return form !== normalForm(form) || this.hasher.needsRehash(passwordHash);
  }
}

/** What hashes are made of. */
export function normalForm(password: string): string {
  return password.normalize('NFC');
}

/** What a hash may have been made of; the normal form first. One form for passwords of ASCII. */
export function formsOf(password: string): Set<string> {
  return new Set([normalForm(password), password, password.normalize('NFD')]);
}
