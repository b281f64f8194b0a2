export interface JsonWebKey {
  kty: 'RSA';
  kid: string;
  n: string;
  e: string;
  alg: 'RS256';
  use: 'sig';
}

export interface JsonWebKeySet {
  keys: JsonWebKey[];
  /** How long a client may keep the set, in seconds: less than the set's remaining life. */
  maxAgeSeconds: number;
}

/** The keys that sign access tokens: dynamic ones (`d-…`) rotate, the static one (`s-…`) does not. */
export abstract class SigningKeysCore {
  /** Every key a live token may be signed with. */
  abstract getJWKS(): Promise<JsonWebKeySet>;
}
