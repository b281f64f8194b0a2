import { Controller } from '@nestjs/common';
import { BadInputError } from '../lib/core/auth.error.js';
import { checkedUserIdType, UserIdMappingCore } from '../lib/core/user-id-mapping.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute } from './wire/routes.js';

@Controller('recipe/userid')
export class UserIdMappingController {
  @AppRoute('POST', 'map')
  async create(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { body }: CdiRequest) {
    const input = {
      userId: notEmpty(body.text('superTokensUserId'), 'superTokensUserId'),
      externalUserId: notEmpty(body.text('externalUserId'), 'externalUserId'),
      externalUserIdInfo: body.optionalText('externalUserIdInfo'),
      force: body.optionalBoolean('force'),
    };
    return mappings.create(input);
  }

  @AppRoute('GET', 'map')
  async get(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { query }: CdiRequest) {
    const found = await mappings.get({
      userId: query.text('userId'),
      userIdType: checkedUserIdType(query.optionalText('userIdType')),
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
  async delete(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { body }: CdiRequest) {
    const mapping = {
      userId: body.text('userId'),
      userIdType: checkedUserIdType(body.optionalText('userIdType')),
    };
    return mappings.delete({ ...mapping, force: body.optionalBoolean('force') });
  }

  @AppRoute('PUT', 'external-user-id-info')
  async updateInfo(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { body }: CdiRequest) {
    const externalUserIdInfo = body.nullableText('externalUserIdInfo');
    if (externalUserIdInfo === undefined) {
      throw new BadInputError("Field name 'externalUserIdInfo' is invalid in JSON input");
    }
    return mappings.updateExternalUserIdInfo({
      userId: body.text('userId'),
      userIdType: checkedUserIdType(body.optionalText('userIdType')),
      externalUserIdInfo,
    });
  }
}

function notEmpty(id: string, name: string): string {
  if (id === '') throw new BadInputError(`Field name '${name}' cannot be an empty String`);
  return id;
}
