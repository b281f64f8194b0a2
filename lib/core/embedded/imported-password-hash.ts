import { BadInputError } from '../auth.error.js';
import type { PasswordHashingAlgorithm } from '../email-password.core.js';
import { parseArgon2 } from './argon2-hash.js';
import { memoryOf, parseFirebaseScrypt } from './firebase-scrypt.js';
import { memoryOfScrypt, parseScrypt } from './scrypt.js';

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const ARGON2 = /^\$argon2(?:id|i|d)\$(?:v=\d+\$)?m=\d{1,10},t=\d{1,10},p=\d{1,10}\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;
const MAX_LENGTH = 1024;

/*
 * A hash says itself what verifying it costs, and anyone may have it verified by trying to sign in. These bounds
 * are far above what is in use.
 */
const MAX_BCRYPT_COST = 16;
const MAX_ARGON2_MEMORY_KIB = 1_048_576;
const MAX_ARGON2_PASSES = 100;
const MAX_ARGON2_LANES = 255;
const MAX_SCRYPT_MEMORY_BYTES = 2 ** 28;
const MAX_SCRYPT_LANES = 16;

const FORMS = {
  bcrypt: '$2b$10$ and 53 letters of salt and hash, also with $2a$ or $2y$',
  argon2: '$argon2id$v=19$m=19456,t=2,p=1$salt$hash, also with argon2i or argon2d',
  scrypt: '$scrypt$ln=14,r=16,p=1$salt$key, the last two in base64 without padding',
  firebase_scrypt: '$f_scrypt$hash$salt$m=14$r=8$s=separator, the three texts in base64',
};

/** @throws {BadInputError} what is wrong with the hash; never the hash itself */
export function assertImportable(
  passwordHash: string,
  declared: PasswordHashingAlgorithm | undefined,
  hasFirebaseSignerKey: boolean,
): void {
  if (declared !== undefined && !Object.hasOwn(FORMS, declared)) {
    throw new BadInputError('Unsupported password hashing algorithm: give bcrypt, argon2, scrypt or firebase_scrypt');
  }
  const algorithm = algorithmOf(passwordHash);
  if (algorithm === undefined || (declared !== undefined && declared !== algorithm)) {
    const forms = declared === undefined ? Object.values(FORMS).join('; or ') : FORMS[declared];
    throw new BadInputError(`Password hash is in invalid format. Give ${forms}`);
  }
  if (!isAffordable(passwordHash, algorithm)) {
    throw new BadInputError(
      'Password hash is in invalid format: its parameters are out of range, so that nobody could sign in with it',
    );
  }
  if (algorithm === 'firebase_scrypt' && !hasFirebaseSignerKey) {
    throw new BadInputError(
      'A firebase_scrypt hash can only be verified with the signer key of the Firebase project: ' +
        'configure firebasePasswordHashing.signerKey (firebase_password_hashing_signer_key) first',
    );
  }
}

function algorithmOf(passwordHash: unknown): PasswordHashingAlgorithm | undefined {
  if (typeof passwordHash !== 'string' || passwordHash.length > MAX_LENGTH) return undefined;
  if (BCRYPT.test(passwordHash)) return 'bcrypt';
  if (ARGON2.test(passwordHash)) return 'argon2';
  if (parseScrypt(passwordHash) !== undefined) return 'scrypt';
  if (parseFirebaseScrypt(passwordHash) !== undefined) return 'firebase_scrypt';
  return undefined;
}

function isAffordable(passwordHash: string, algorithm: PasswordHashingAlgorithm): boolean {
  if (algorithm === 'bcrypt') {
    const cost = Number(BCRYPT.exec(passwordHash)?.[1]);
    return cost >= 4 && cost <= MAX_BCRYPT_COST;
  }
  if (algorithm === 'argon2') return isAffordableArgon2(passwordHash);
  if (algorithm === 'scrypt') return isAffordableScrypt(passwordHash);
  const parsed = parseFirebaseScrypt(passwordHash);
  return (
    parsed !== undefined && parsed.memoryCost >= 1 && parsed.rounds >= 1 && memoryOf(parsed) <= MAX_SCRYPT_MEMORY_BYTES
  );
}

function isAffordableScrypt(passwordHash: string): boolean {
  const parsed = parseScrypt(passwordHash);
  return (
    parsed !== undefined &&
    parsed.memoryCost >= 1 &&
    parsed.blockSize >= 1 &&
    parsed.parallelism >= 1 &&
    parsed.parallelism <= MAX_SCRYPT_LANES &&
    memoryOfScrypt(parsed) <= MAX_SCRYPT_MEMORY_BYTES
  );
}

function isAffordableArgon2(passwordHash: string): boolean {
  const parsed = parseArgon2(passwordHash);
  return (
    parsed !== undefined &&
    parsed.memoryCostKiB <= MAX_ARGON2_MEMORY_KIB &&
    parsed.timeCost <= MAX_ARGON2_PASSES &&
    parsed.parallelism <= MAX_ARGON2_LANES
  );
}
