/**
 * Turns passwords into hashes that may be stored. An application brings its own by a subclass, given as
 * `AuthModule.forRoot({ passwordHasher: { useClass: … } })`.
 */
export abstract class PasswordHasher {
  /** @returns text that `verify` and `needsRehash` understand */
  abstract hash(password: string): Promise<string>;

  /** @returns false for a wrong password and for a hash in a form it does not know */
  abstract verify(password: string, hash: string): Promise<boolean>;

  /** True when `hash` was made by another algorithm or with other parameters than `hash()` uses now. */
  abstract needsRehash(hash: string): boolean;

  /**
   * False where `hash` was made of a part of the password only, as bcrypt does of its first 72 bytes. Such a hash is never
   * replaced at a sign-in: what was typed after that part may be wrong.
   */
  coversAllOf(_password: string, _hash: string): boolean {
    return true;
  }
}
