import { createHmac, sign } from 'node:crypto';
import type { JsonObject } from 'latchkey';
import { joinToken, splitToken } from './access-tokens.js';
import { keptRsaKeyPair } from './kept-rsa-key-pair.js';

const attackersKey = keptRsaKeyPair('attacker');

const encode = (part: JsonObject) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token like the given one with other claims, under the attacker's own key. */
export function signedByAttacker(token: string, header: JsonObject = {}, payload: JsonObject = {}): string {
  const genuine = splitToken(token);
  const text = `${encode({ ...genuine.header, ...header })}.${encode({ ...genuine.payload, ...payload })}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), attackersKey.privateKey).toString('base64url')}`;
}

/** The public key used as the secret of a symmetric algorithm, hoping for a verifier that takes `alg` on trust. */
export function signedWithPublicKey(token: string, publicKeyPem: string): string {
  const { header, payload } = splitToken(token);
  const text = `${encode({ ...header, alg: 'HS256' })}.${encode({ ...payload, sub: 'admin' })}`;
  return `${text}.${createHmac('sha256', publicKeyPem).update(text).digest('base64url')}`;
}

/** Other claims under the genuine signature. */
export function tampered(token: string, header: JsonObject = {}, payload: JsonObject = {}): string {
  const genuine = splitToken(token);
  return joinToken({
    header: { ...genuine.header, ...header },
    payload: { ...genuine.payload, ...payload },
    signature: genuine.signature,
  });
}
