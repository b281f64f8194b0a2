import type { Core } from '../../lib/core/core.js';
import type { JsonObject } from '../../lib/core/json.types.js';
import { SessionsCore } from '../../lib/core/sessions.core.js';

export interface TokenParts {
  header: JsonObject;
  payload: JsonObject;
  signature: string;
}

export function splitToken(token: string): TokenParts {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return { header: readPart(header), payload: readPart(payload), signature };
}

export function joinToken({ header, payload, signature }: TokenParts): string {
  return `${writePart(header)}.${writePart(payload)}.${signature}`;
}

function readPart(part: string): JsonObject {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as JsonObject;
}

function writePart(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

export async function accessTokenOf(core: Core, useDynamicSigningKey = true): Promise<string> {
  const { accessToken } = await core.port(SessionsCore).createNewSession({
    tenantId: 'public',
    userId: 'user',
    recipeUserId: 'user',
    accessTokenPayload: {},
    sessionDataInDatabase: {},
    useDynamicSigningKey,
    enableAntiCsrf: false,
  });
  return accessToken.token;
}

export async function verifyStatus(core: Core, accessToken: string, useDynamicSigningKey = true): Promise<string> {
  const result = await core.port(SessionsCore).verifySession({
    accessToken,
    checkAntiCsrf: false,
    checkDatabase: false,
    useDynamicSigningKey,
  });
  return result.status;
}

export const kidOf = (token: string): unknown => splitToken(token).header.kid;
