import { Controller } from '@nestjs/common';
import { BadInputError } from '../lib/core/auth.error.js';
import { INVALID_THIRD_PARTY_CONFIG, type ThirdPartyConfig, ThirdPartyCore } from '../lib/core/third-party.core.js';
import { hasLoginMethod, UsersCore } from '../lib/core/users.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { TenantRoute } from './wire/routes.js';
import { userAnswer } from './wire/user-answer.js';

@Controller('recipe')
export class ThirdPartyController {
  @TenantRoute('POST', 'signinup')
  async signInUp(@CorePort(ThirdPartyCore) thirdParty: ThirdPartyCore, @Cdi() { tenantId, body, version }: CdiRequest) {
    const email = body.fields('email');
    const result = await thirdParty.signInUp({
      tenantId,
      thirdPartyId: body.text('thirdPartyId'),
      thirdPartyUserId: body.text('thirdPartyUserId'),
      email: email.text('id'),
      isVerified: email.boolean('isVerified'),
      // Of our own driver: the wire knows no issuers.
      issuer: body.optionalText('issuer'),
      formerIssuers: body.optionalTexts('formerIssuers'),
    });
    if (result.status !== 'OK') return result;
    const { status, createdNewRecipeUser, user, recipeUserId } = result;
    return { status, createdNewUser: createdNewRecipeUser, user: userAnswer(user, version), recipeUserId };
  }

  /** For drivers of long ago: others ask by `users/by-accountinfo`. */
  @TenantRoute('GET', 'users/by-email')
  async byEmail(@CorePort(UsersCore) users: UsersCore, @Cdi() { tenantId, query, version }: CdiRequest) {
    const email = query.text('email');
    const found = await users.listUsersByAccountInfo({ tenantId, accountInfo: { email } });
    const matching = found.filter((user) => hasLoginMethod(user, { recipeId: 'thirdparty', email, tenantId }));
    return { status: 'OK', users: matching.map((user) => userAnswer(user, version)) };
  }

  @TenantRoute('PUT', 'multitenancy/config/thirdparty')
  async configure(@CorePort(ThirdPartyCore) thirdParty: ThirdPartyCore, @Cdi() { tenantId, body }: CdiRequest) {
    const thirdPartyId = body.fields('config').text('thirdPartyId').trim();
    const result = await thirdParty.createOrUpdateThirdPartyConfig({
      tenantId,
      config: { ...body.object('config'), thirdPartyId } as ThirdPartyConfig,
      skipValidation: body.optionalBoolean('skipValidation'),
    });
    // Drivers look at no status of this answer: one they do not expect would pass for success.
    if (result.status === 'CONFIG_VALIDATION_ERROR')
      throw new BadInputError(INVALID_THIRD_PARTY_CONFIG + result.reason);
    return result;
  }

  @TenantRoute('POST', 'multitenancy/config/thirdparty/remove')
  async removeConfig(@CorePort(ThirdPartyCore) thirdParty: ThirdPartyCore, @Cdi() { tenantId, body }: CdiRequest) {
    return thirdParty.deleteThirdPartyConfig({ tenantId, thirdPartyId: body.text('thirdPartyId') });
  }
}
