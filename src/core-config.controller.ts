import { Controller } from '@nestjs/common';
import { sessionOptions } from '../lib/core/engine-options.js';
import { SessionsCore } from '../lib/core/sessions.core.js';
import { CorePort } from './wire/cdi-request.js';
import { TenantRoute } from './wire/routes.js';

/** What drivers need to know of the configuration: how long tokens live. */
@Controller('recipe/dashboard/tenant')
export class CoreConfigController {
  @TenantRoute('GET', 'core-config')
  async get(@CorePort(SessionsCore) sessions: SessionsCore) {
    const accessTokenSeconds = (await sessions.getAccessTokenLifeTimeMS()) / 1000;
    const refreshTokenMinutes = (await sessions.getRefreshTokenLifeTimeMS()) / 60_000;
    const { accessTokenLifetimeSeconds, refreshTokenLifetimeSeconds } = sessionOptions;
    return {
      status: 'OK',
      config: [
        numberEntry(
          'access_token_validity',
          accessTokenSeconds,
          accessTokenLifetimeSeconds.default,
          'Seconds for which an access token is valid.',
        ),
        numberEntry(
          'refresh_token_validity',
          refreshTokenMinutes,
          refreshTokenLifetimeSeconds.default / 60,
          'Minutes for which a session lives unused.',
        ),
      ],
    };
  }
}

function numberEntry(key: string, value: number, defaultValue: number, description: string) {
  return {
    key,
    valueType: 'number',
    value,
    description,
    isDifferentAcrossTenants: false,
    possibleValues: null,
    isNullable: false,
    defaultValue,
    isPluginProperty: false,
    isPluginPropertyEditable: false,
  };
}
