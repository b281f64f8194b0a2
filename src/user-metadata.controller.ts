import { Controller } from '@nestjs/common';
import { UserMetadataCore } from '../lib/core/user-metadata.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute } from './wire/routes.js';

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

  @AppRoute('POST', 'remove')
  async clear(@CorePort(UserMetadataCore) users: UserMetadataCore, @Cdi() { body }: CdiRequest) {
    const { status } = await users.clear(body.text('userId'));
    return { status };
  }
}
