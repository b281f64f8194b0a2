// `lib/core/embedded/rsa-key-pair.ts` as tests get it: with keys from a pool, since making one takes a quarter of a
// second. Which key an application gets is not fixed; the same one comes again only after SIZE - 1 others.
import { keptRsaKeyPair } from '../support/kept-rsa-key-pair.js';

/** Where nothing is kept yet, as in CI, a run makes all of them. */
const SIZE = 12;
/** Workers and other processes begin at different keys, so that they do not all make the same ones at the same time. */
let taken = Number(process.env.JEST_WORKER_ID ?? process.pid) * 4;

export async function generateRsaKeyPair() {
  return keptRsaKeyPair(String(taken++ % SIZE));
}
