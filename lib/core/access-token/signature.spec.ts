import { expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { CompactSign } from 'jose';
import { importVerificationKey, isSignedBy } from './signature.js';

it('verifies what the key signed, and nothing else', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = importVerificationKey(publicKey.export({ format: 'jwk' }) as { n: string; e: string });
  const sign = (text: string) =>
    new CompactSign(new TextEncoder().encode(text)).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  const [token, other] = await Promise.all([sign('ada'), sign('bob')]);
  const [header, payload, signature] = token.split('.');
  expect(isSignedBy(token, key)).toBe(true);
  for (const forged of [`${header}.${payload}.`, `${header}.${other.split('.')[1]}.${signature}`, `${token}AAAA`, '']) {
    expect(isSignedBy(forged, key)).toBe(false);
  }
  const { publicKey: stranger } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(isSignedBy(token, stranger)).toBe(false);
});

it('takes no key that is too short', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const jwk = publicKey.export({ format: 'jwk' }) as { n: string; e: string };
  expect(() => importVerificationKey(jwk)).toThrow('1024 bits');
});
