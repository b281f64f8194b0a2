/** Cost of argon2id. The defaults are OWASP's first recommendation for it. */
export interface PasswordHashingOptions {
  /** Memory for each hash, in KiB. @default 19456 */
  memoryCostKiB?: number;
  /** Passes over that memory. @default 2 */
  timeCost?: number;
  /** Threads for each hash. @default 1 */
  parallelism?: number;
  /**
   * What becomes of a password of more than 72 bytes where a user was imported with a bcrypt hash: bcrypt looked at the first 72
   * only, so every password that begins with those would match. `'refuse'` takes it for a wrong password, and the user resets
   * it; `'accept'` signs the user in, and keeps the hash as it is. @default 'refuse'
   */
  bcryptBeyond72Bytes?: 'refuse' | 'accept';
}

/** The options with their defaults. */
export type PasswordHashing = Required<Omit<PasswordHashingOptions, 'bcryptBeyond72Bytes'>> &
  Pick<PasswordHashingOptions, 'bcryptBeyond72Bytes'>;

/** What it takes to verify password hashes that were exported from Firebase. */
export interface FirebasePasswordHashingOptions {
  /** The project's `base64_signer_key`. A secret. */
  signerKey: string;
}

/** Fills in the defaults. Ranges are checked where the application gives the options. */
export function resolvePasswordHashing(options: PasswordHashingOptions = {}): PasswordHashing {
  return {
    memoryCostKiB: options.memoryCostKiB ?? 19_456,
    timeCost: options.timeCost ?? 2,
    parallelism: options.parallelism ?? 1,
    bcryptBeyond72Bytes: options.bcryptBeyond72Bytes ?? 'refuse',
  };
}
