import { Controller } from '@nestjs/common';
import { BadInputError } from '../lib/core/auth.error.js';
import type { Core } from '../lib/core/core.js';
import { UserIdMappingCore, type UserIdType } from '../lib/core/user-id-mapping.core.js';
import { UserMetadataCore } from '../lib/core/user-metadata.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute } from './wire/routes.js';

const userIdTypes: readonly UserIdType[] = ['SUPERTOKENS', 'EXTERNAL', 'ANY'];

@Controller('recipe/userid')
export class UserIdMappingController {
  @AppRoute('POST', 'map')
  async create(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { app, body }: CdiRequest) {
    const input = {
      userId: notEmpty(body.text('superTokensUserId'), 'superTokensUserId'),
      externalUserId: notEmpty(body.text('externalUserId'), 'externalUserId'),
      externalUserIdInfo: body.optionalText('externalUserIdInfo'),
      force: body.optionalBoolean('force'),
    };
    const isMapped = (await mappings.get({ userId: input.userId })).status === 'OK';
    if (!isMapped && !input.force) await assertUnused(app.core, input.userId);
    return mappings.create(input);
  }

  @AppRoute('GET', 'map')
  async get(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { query }: CdiRequest) {
    const found = await mappings.get({
      userId: query.text('userId'),
      userIdType: userIdType(query.optionalText('userIdType')),
    });
    if (found.status !== 'OK') return found;
    const { status, userId, externalUserId, externalUserIdInfo } = found;
    return {
      status,
      superTokensUserId: userId,
      externalUserId,
      ...(externalUserIdInfo === undefined ? {} : { externalUserIdInfo }),
    };
  }

  @AppRoute('POST', 'map/remove')
  async delete(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { app, body }: CdiRequest) {
    const mapping = {
      userId: body.text('userId'),
      userIdType: userIdType(body.optionalText('userIdType')),
    };
    const force = body.optionalBoolean('force');
    const found = force ? undefined : await mappings.get(mapping);
    if (found?.status === 'OK') await assertUnused(app.core, found.userId);
    return mappings.delete({ ...mapping, force });
  }

  @AppRoute('PUT', 'external-user-id-info')
  async updateInfo(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { body }: CdiRequest) {
    const externalUserIdInfo = body.nullableText('externalUserIdInfo');
    if (externalUserIdInfo === undefined) {
      throw new BadInputError("Field name 'externalUserIdInfo' is invalid in JSON input");
    }
    return mappings.updateExternalUserIdInfo({
      userId: body.text('userId'),
      userIdType: userIdType(body.optionalText('userIdType')),
      externalUserIdInfo,
    });
  }
}

/**
 * Drivers count on being refused where the other id is in use already, unless they say `force`. Metadata is found by either id
 * here, and sessions follow: a user who has sessions may be mapped, and nothing is lost by force.
 */
async function assertUnused(core: Core, userId: string): Promise<void> {
  const metadata = await core.port(UserMetadataCore).get(userId);
  if (Object.keys(metadata).length > 0) throw new BadInputError('UserId is already in use in UserMetadata recipe');
}

function userIdType(name: string | undefined): UserIdType | undefined {
  if (name === undefined) return undefined;
  const type = userIdTypes.find((one) => one === name);
  if (type === undefined)
    throw new BadInputError("Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL', or 'ANY'");
  return type;
}

function notEmpty(id: string, name: string): string {
  if (id === '') throw new BadInputError(`Field name '${name}' cannot be an empty String`);
  return id;
}
