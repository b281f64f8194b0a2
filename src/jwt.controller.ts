import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type JsonWebKeySet, MAX_JWT_VALIDITY_SECONDS, SigningKeysCore } from '../lib/core/signing-keys.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute, OpenRoute } from './wire/routes.js';

@Controller()
export class JwtController {
  @OpenRoute('GET', '.well-known/jwks.json')
  async wellKnown(@CorePort(SigningKeysCore) keys: SigningKeysCore, @Res({ passthrough: true }) reply: FastifyReply) {
    return { keys: (await withCacheControl(keys, reply)).keys };
  }

  @AppRoute('GET', 'recipe/jwt/jwks')
  async jwks(@CorePort(SigningKeysCore) keys: SigningKeysCore, @Res({ passthrough: true }) reply: FastifyReply) {
    return { status: 'OK', keys: (await withCacheControl(keys, reply)).keys };
  }

  @AppRoute('POST', 'recipe/jwt')
  async create(@CorePort(SigningKeysCore) keys: SigningKeysCore, @Cdi() { body }: CdiRequest) {
    const payload = body.object('payload');
    const issuer = body.text('jwksDomain');
    // The only one that drivers know to ask for; they verify whatever the published key is for.
    if (body.text('algorithm').toUpperCase() !== 'RS256') return { status: 'UNSUPPORTED_ALGORITHM_ERROR' };
    const { status, jwt } = await keys.createJWT({
      payload,
      issuer,
      validitySeconds: body.optionalNumber('validity') ?? MAX_JWT_VALIDITY_SECONDS,
      useDynamicSigningKey: !(body.optionalBoolean('useStaticSigningKey') ?? true),
    });
    return { status, jwt };
  }
}

async function withCacheControl(keys: SigningKeysCore, reply: FastifyReply): Promise<JsonWebKeySet> {
  const set = await keys.getJWKS();
  void reply.header('cache-control', `max-age=${set.maxAgeSeconds}, must-revalidate`);
  return set;
}
