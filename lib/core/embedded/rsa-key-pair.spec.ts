import { describe, expect, it } from '@jest/globals';
import { sign, verify } from 'node:crypto';
// The only place in the tests that gets the real one: others get keys from a pool. See test/runner/resolution.cjs.
import { generateRsaKeyPair } from './rsa-key-pair.js';

describe('an RSA key pair', () => {
  it('signs with 2048 bits what its public half verifies', async () => {
    const { publicKey, privateKey } = await generateRsaKeyPair();
    expect(privateKey.asymmetricKeyType).toBe('rsa');
    expect(privateKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n });
    const data = Buffer.from('a payload');
    expect(verify('RSA-SHA256', data, publicKey, sign('RSA-SHA256', data, privateKey))).toBe(true);
  });

  it('is another one each time', async () => {
    const [one, other] = await Promise.all([generateRsaKeyPair(), generateRsaKeyPair()]);
    expect(one.publicKey.equals(other.publicKey)).toBe(false);
    expect(one.privateKey.equals(other.privateKey)).toBe(false);
  });
});
