import { Controller } from '@nestjs/common';
import { BadInputError } from '../lib/core/auth.error.js';
import { UserMetadataCore } from '../lib/core/user-metadata.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute } from './wire/routes.js';

const MAX_USERS_AT_ONCE = 500;

@Controller('recipe/user/metadata')
export class UserMetadataController {
  @AppRoute('GET', '/')
  async get(@CorePort(UserMetadataCore) users: UserMetadataCore, @Cdi() { query }: CdiRequest) {
    return { status: 'OK', metadata: await users.get(query.text('userId')) };
  }

  @AppRoute('PUT', '/')
  async update(@CorePort(UserMetadataCore) users: UserMetadataCore, @Cdi() { body }: CdiRequest) {
    const metadata = await users.update(body.text('userId'), body.object('metadataUpdate'));
    return { status: 'OK', metadata };
  }

  @AppRoute('POST', 'bulk')
  async getOfUsers(@CorePort(UserMetadataCore) users: UserMetadataCore, @Cdi() { body }: CdiRequest) {
    const userIds = body.texts('userIds');
    if (userIds.length > MAX_USERS_AT_ONCE) {
      throw new BadInputError(`You can only query up to ${MAX_USERS_AT_ONCE} users at a time.`);
    }
    const found = await users.getOfUsers(userIds);
    return { status: 'OK', users: userIds.map((userId) => ({ userId, metadata: found.get(userId) ?? null })) };
  }

  @AppRoute('POST', 'remove')
  async clear(@CorePort(UserMetadataCore) users: UserMetadataCore, @Cdi() { body }: CdiRequest) {
    const { status } = await users.clear(body.text('userId'));
    return { status };
  }
}
