import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import { keptRsaKeyPair } from '../../../test/support/kept-rsa-key-pair.js';
import type { PublicKeyMembers } from '../signing-keys.core.js';
import { algorithmOf, importVerificationKey, isSignedBy } from './signature.js';

const kinds = [
  { alg: 'RS256', make: keptRsaKeyPair },
  { alg: 'ES256', make: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  { alg: 'EdDSA', make: () => generateKeyPairSync('ed25519') },
];
const members = (key: KeyObject) => key.export({ format: 'jwk' }) as PublicKeyMembers;

describe.each(kinds)('a signature by $alg', ({ alg, make }) => {
  it('is verified by the key that signed, and by nothing else', async () => {
    const { publicKey, privateKey } = make('provider');
    const key = importVerificationKey(members(publicKey));
    expect(algorithmOf(key)).toBe(alg);
    const sign = (text: string) =>
      new CompactSign(new TextEncoder().encode(text)).setProtectedHeader({ alg }).sign(privateKey);
    const [token, other] = await Promise.all([sign('ada'), sign('bob')]);
    const [header, payload, signature] = token.split('.');
    expect(isSignedBy(token, key)).toBe(true);
    const another = `${header}.${other.split('.')[1]}.${signature}`;
    for (const forged of [`${header}.${payload}.`, another, `${token}AAAA`, '']) {
      expect(isSignedBy(forged, key)).toBe(false);
    }
    for (const stranger of kinds) expect(isSignedBy(token, stranger.make('attacker').publicKey)).toBe(false);
  });
});

it('takes no key that is too short or on another curve', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  expect(() => importVerificationKey(members(publicKey))).toThrow('1024 bits');
  const { publicKey: another } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  expect(() => importVerificationKey(members(another))).toThrow('type ec');
});
