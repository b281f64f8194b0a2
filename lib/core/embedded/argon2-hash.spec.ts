import { describe, expect, it } from '@jest/globals';
import { parseOptions } from '@node-rs/argon2';
import { parseArgon2 } from './argon2-hash.js';

const SALT = 'c2FsdHNhbHQ';
const HASH = 'aGFzaGhhc2hhc2hhc2g';
const ALGORITHMS = ['argon2d', 'argon2i', 'argon2id'];
const VERSIONS = [16, 19];

describe('parseArgon2 reads what the package that verifies reads:', () => {
  it.each([
    `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$${HASH}`,
    `$argon2i$m=64,t=2,p=8$${SALT}$${HASH}`,
    `$argon2d$v=16$m=4294967295,t=4294967295,p=1$${SALT}$${HASH}`,
    `$argon2id$v=17$m=64,t=2,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$m=4294967296,t=2,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$m=7,t=2,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$m=15,t=2,p=2$${SALT}$${HASH}`,
    `$argon2id$v=19$m=064,t=2,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$m=64,t=0,p=1$${SALT}$${HASH}`,
    `$argon2id$v=19$m=64,t=1,p=0$${SALT}$${HASH}`,
    `$argon2id$v=19$m=64,t=1,p=1$abcd$${HASH}`,
    `$argon2id$v=19$m=64,t=1,p=1$${SALT}R$${HASH}`,
    `$argon2id$v=19$m=64,t=1,p=1$${SALT}AAA$${HASH}`,
    `$argon2id$v=19$m=64,t=1,p=1$${SALT}$aGFzaA`,
    `$argon2id$v=19$m=64,t=1,p=1$${SALT}$aGFz`,
    `$argon2id$v=19$m=64,t=1,p=1$${SALT}$`,
    `$argon2x$v=19$m=64,t=1,p=1$${SALT}$${HASH}`,
  ])('%s', (text) => {
    expect(parseArgon2(text)).toEqual(readByPackage(text));
  });
});

function readByPackage(text: string) {
  try {
    const { algorithm, version, memoryCost, timeCost, parallelism } = parseOptions(text);
    const [name, number] = [ALGORITHMS[algorithm!], VERSIONS[version!]];
    return { algorithm: name, version: number, memoryCostKiB: memoryCost, timeCost, parallelism };
  } catch {
    return undefined;
  }
}
