import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Scripts that run elsewhere know the folder from when they were built (test/runner/build-scripts.js). */
const folder = process.env.LATCHKEY_TEST_KEYS ?? resolve('node_modules/.cache/latchkey-keys');
const pairs = new Map<string, KeyPairKeyObjectResult>();

/**
 * An RSA key of 2048 bits that tests and runs share, since making one takes a quarter of a second of a processor. The
 * first that needs it makes it; where two do so at the same time each gets its own, of which the later one stays.
 */
export function keptRsaKeyPair(name: string): KeyPairKeyObjectResult {
  const pair = pairs.get(name) ?? read(name);
  pairs.set(name, pair);
  return pair;
}

function read(name: string): KeyPairKeyObjectResult {
  const file = `${folder}/${name}.pem`;
  const privateKey = createPrivateKey(existsSync(file) ? readFileSync(file, 'utf8') : makeKey(file));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

function makeKey(file: string): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  mkdirSync(folder, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, privateKey, { mode: 0o600 });
  renameSync(temporary, file);
  return privateKey;
}
