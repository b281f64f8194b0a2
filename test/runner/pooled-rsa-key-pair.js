// `lib/core/embedded/rsa-key-pair.ts` as tests get it: with keys from a pool, since making one takes a quarter of a
// second. Which key an application gets is not fixed; the same one comes again only after SIZE - 1 others.
import { keptRsaKeyPair } from '../support/kept-rsa-key-pair.js';

const SIZE = 32;
let taken = 0;

export async function generateRsaKeyPair() {
  return keptRsaKeyPair(String(taken++ % SIZE));
}
