/** Cost of argon2id. The defaults are OWASP's first recommendation for it. */
export interface PasswordHashingOptions {
  /** Memory for each hash, in KiB. Default 19456. */
  memoryCostKiB?: number;
  /** Passes over that memory. Default 2. */
  timeCost?: number;
  /** Threads for each hash. Default 1. */
  parallelism?: number;
}

/** What it takes to verify password hashes that were exported from Firebase. */
export interface FirebasePasswordHashingOptions {
  /** The project's `base64_signer_key`. A secret. */
  signerKey: string;
}

/** Fills in the defaults. Ranges are checked where the application gives the options. */
export function resolvePasswordHashing(options: PasswordHashingOptions = {}): Required<PasswordHashingOptions> {
  return {
    memoryCostKiB: options.memoryCostKiB ?? 19_456,
    timeCost: options.timeCost ?? 2,
    parallelism: options.parallelism ?? 1,
  };
}
