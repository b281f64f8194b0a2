import { z } from 'zod';
import {
  type CreateUserIdMappingResult,
  type UserIdMapping,
  UserIdMappingCore,
  type UserIdType,
} from '../user-id-mapping.core.js';
import { ok, statusOf } from './core-answers.js';
import type { CoreClient } from './core-client.js';
import { canBeLookedUp } from './core-path.js';

const PATH = '/recipe/userid/map';
const UNKNOWN = 'UNKNOWN_MAPPING_ERROR';

const created = z.discriminatedUnion('status', [
  ok,
  statusOf('UNKNOWN_SUPERTOKENS_USER_ID_ERROR'),
  statusOf('USER_ID_MAPPING_ALREADY_EXISTS_ERROR').extend({
    doesSuperTokensUserIdExist: z.boolean(),
    doesExternalUserIdExist: z.boolean(),
  }),
]);
const found = z.discriminatedUnion('status', [
  ok.extend({
    superTokensUserId: z.string(),
    externalUserId: z.string(),
    externalUserIdInfo: z.string().nullish(),
  }),
  statusOf(UNKNOWN),
]);
const removed = ok.extend({ didMappingExist: z.boolean() });
const updated = statusOf('OK', UNKNOWN);

export class RemoteUserIdMappingCore extends UserIdMappingCore {
  constructor(private readonly client: CoreClient) {
    super();
  }

  async create(input: {
    userId: string;
    externalUserId: string;
    externalUserIdInfo?: string;
    force?: boolean;
  }): Promise<CreateUserIdMappingResult> {
    const { userId, ...rest } = input;
    const body = { superTokensUserId: userId, ...rest };
    return this.client.call({ method: 'POST', path: PATH, body, answer: created });
  }

  async get(input: {
    userId: string;
    userIdType?: UserIdType;
  }): Promise<({ status: 'OK' } & UserIdMapping) | { status: 'UNKNOWN_MAPPING_ERROR' }> {
    const { userId, userIdType } = input;
    if (!canBeLookedUp(userId)) return { status: UNKNOWN };
    const query = { userId, userIdType };
    const result = await this.client.call({ method: 'GET', path: PATH, query, answer: found });
    if (result.status !== 'OK') return result;
    const { superTokensUserId, externalUserId, externalUserIdInfo } = result;
    const mapping = { status: 'OK', userId: superTokensUserId, externalUserId } as const;
    return externalUserIdInfo == null ? mapping : { ...mapping, externalUserIdInfo };
  }

  async delete(input: {
    userId: string;
    userIdType?: UserIdType;
    force?: boolean;
  }): Promise<{ status: 'OK'; didMappingExist: boolean }> {
    const path = `${PATH}/remove`;
    return this.client.call({ method: 'POST', path, body: input, isRepeatable: true, answer: removed });
  }

  async updateExternalUserIdInfo(input: {
    userId: string;
    userIdType?: UserIdType;
    externalUserIdInfo: string | null;
  }): Promise<{ status: 'OK' | 'UNKNOWN_MAPPING_ERROR' }> {
    const path = '/recipe/userid/external-user-id-info';
    return this.client.call({ method: 'PUT', path, body: input, answer: updated });
  }
}
