import { z } from 'zod';
import { BadInputError } from '../auth.error.js';
import { toJsonText } from '../json.js';
import { type CreateJWTInput, type JsonWebKeySet, SigningKeysCore } from '../signing-keys.core.js';
import type { CoreClient } from './core-client.js';
import type { RemoteKeyRing } from './remote-key-ring.js';

const created = z.object({ status: z.literal('OK'), jwt: z.string() });

export class RemoteSigningKeysCore extends SigningKeysCore {
  constructor(
    private readonly client: CoreClient,
    private readonly ring: RemoteKeyRing,
  ) {
    super();
  }

  async getJWKS(): Promise<JsonWebKeySet> {
    return this.ring.published();
  }

  async createJWT(input: CreateJWTInput): Promise<{ status: 'OK'; jwt: string }> {
    const { payload, validitySeconds, useDynamicSigningKey, issuer } = input;
    toJsonText(payload, 'payload');
    if (!Number.isSafeInteger(validitySeconds) || validitySeconds < 1) {
      throw new BadInputError('validity must be a whole number of seconds of at least 1');
    }
    const body = {
      payload,
      algorithm: 'RS256',
      jwksDomain: issuer,
      validity: validitySeconds,
      useStaticSigningKey: !useDynamicSigningKey,
    };
    return this.client.call({ method: 'POST', path: '/recipe/jwt', body, isRepeatable: true, answer: created });
  }
}
