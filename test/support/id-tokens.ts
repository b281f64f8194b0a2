import { createHmac, createPrivateKey, createPublicKey, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { keptRsaKeyPair } from './kept-rsa-key-pair.js';

/** A whole id token. */
export type IdTokenForgery = string;

type Fields = Record<string, unknown>;

/** An id token as its provider made it, and what can be made of it. */
export interface IdTokenForger {
  claims: Fields;
  /** Signed by the provider itself: wrong in what it says only. `undefined` removes a claim. */
  withClaims(changes: Fields): IdTokenForgery;
  /** Other claims under the signature of the true ones. */
  withSignatureOfOther(changes: Fields): IdTokenForgery;
  /** `alg: none`, with no signature. */
  unsigned(changes?: Fields): IdTokenForgery;
  /** Signed by a key that is nobody's, under the name of the provider's. */
  bySomebodyElse(changes?: Fields): IdTokenForgery;
  /** As `bySomebodyElse`, with the key in the header for anyone who believes it. */
  byKeyInHeader(changes?: Fields): IdTokenForgery;
  /** HMAC with what everybody knows: the provider's public key. */
  byPublicKeyAsSecret(changes?: Fields): IdTokenForgery;
  /** HMAC with the client's secret, which the provider has not agreed on. */
  bySecret(secret: string, changes?: Fields): IdTokenForgery;
}

export function idTokenForger(idToken: string, signingKey: JsonWebKey): IdTokenForger {
  const [headerPart = '', claimsPart = '', signature = ''] = idToken.split('.');
  const header = decode(headerPart);
  const claims = decode(claimsPart);
  const { kid } = header;
  const changed = (changes: Fields) => encode({ ...claims, ...changes });

  const hmac = (secret: string | Buffer, body: string) =>
    signed({ alg: 'HS256', kid }, body, (data) => createHmac('sha256', secret).update(data).digest('base64url'));
  const ownKey = createPrivateKey({ key: signingKey, format: 'jwk' });

  return {
    claims,
    withClaims: (changes) => rsa(ownKey, header, changed(changes)),
    withSignatureOfOther: (changes) => `${headerPart}.${changed(changes)}.${signature}`,
    unsigned: (changes = {}) => `${encode({ alg: 'none', kid })}.${changed(changes)}.`,
    bySomebodyElse: (changes = {}) => rsa(keptRsaKeyPair('attacker').privateKey, header, changed(changes)),
    byKeyInHeader: (changes = {}) => {
      const { privateKey, publicKey } = keptRsaKeyPair('attacker');
      return rsa(privateKey, { ...header, jwk: publicKey.export({ format: 'jwk' }) }, changed(changes));
    },
    byPublicKeyAsSecret: (changes = {}) => {
      const pem = createPublicKey({ key: signingKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      return hmac(pem, changed(changes));
    },
    bySecret: (secret, changes = {}) => hmac(secret, changed(changes)),
  };
}

function rsa(key: KeyObject, header: Fields, claims: string): string {
  return signed(header, claims, (data) => sign('sha256', data, key).toString('base64url'));
}

function signed(header: Fields, claims: string, signature: (data: Buffer) => string): string {
  const data = `${encode(header)}.${claims}`;
  return `${data}.${signature(Buffer.from(data))}`;
}

function encode(fields: Fields): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

function decode(part: string): Fields {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Fields;
}
