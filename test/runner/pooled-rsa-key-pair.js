// `lib/core/embedded/rsa-key-pair.ts` as tests get it: with keys from a pool, since making one takes a quarter of a
// second. Which key an application gets is not fixed; the same one comes again only after SIZE - 1 others.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SIZE = 32;
const folder = fileURLToPath(new URL('../../node_modules/.cache/latchkey-keys/', import.meta.url));
let taken = 0;

export async function generateRsaKeyPair() {
  const privateKey = createPrivateKey(pem(taken++ % SIZE));
  return { publicKey: createPublicKey(privateKey), privateKey };
}

/** The first that needs it makes it. Two that do so at the same time get a key each, of which the later one stays. */
function pem(index) {
  const file = `${folder}${index}.pem`;
  if (existsSync(file)) return readFileSync(file, 'utf8');
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
