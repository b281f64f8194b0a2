import { Controller } from '@nestjs/common';
import { BadInputError } from '../lib/core/auth.error.js';
import { UserIdMappingCore, type UserIdType } from '../lib/core/user-id-mapping.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute } from './wire/routes.js';

const userIdTypes: readonly UserIdType[] = ['SUPERTOKENS', 'EXTERNAL', 'ANY'];

@Controller('recipe/userid')
export class UserIdMappingController {
  @AppRoute('POST', 'map')
  async create(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { body }: CdiRequest) {
    return mappings.create({
      userId: notEmpty(body.text('superTokensUserId'), 'superTokensUserId'),
      externalUserId: notEmpty(body.text('externalUserId'), 'externalUserId'),
      externalUserIdInfo: body.optionalText('externalUserIdInfo'),
      force: body.optionalBoolean('force'),
    });
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
  async delete(@CorePort(UserIdMappingCore) mappings: UserIdMappingCore, @Cdi() { body }: CdiRequest) {
    return mappings.delete({
      userId: body.text('userId'),
      userIdType: userIdType(body.optionalText('userIdType')),
      force: body.optionalBoolean('force'),
    });
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
