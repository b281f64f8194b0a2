import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { API_REFERENCE_PATH } from '../api-reference/api-reference.js';
import { LocalIdentityProvider } from '../identity-provider/local-identity-provider.js';
import { ActiveOverrides, type ActiveOverride } from './active-overrides.js';

/** Something that runs, and where to look at it. */
interface RunningPart {
  name: string;
  what: string;
  url: string;
  isUp: boolean;
}

/** What the front page tells of the application, as it runs. */
@ApiExcludeController()
@Controller('api/tour')
export class TourController {
  constructor(
    private readonly overrides: ActiveOverrides,
    private readonly identityProvider: LocalIdentityProvider,
  ) {}

  @Get()
  async tour(): Promise<{ parts: RunningPart[]; overrides: ActiveOverride[] }> {
    const { isUp, discoveryURL } = this.identityProvider;
    const parts: RunningPart[] = [
      { name: 'API', what: 'Accounts, sessions and your own routes in one process', url: '/health', isUp: true },
      { name: 'API reference', what: 'Every route, in Swagger UI', url: `/${API_REFERENCE_PATH}`, isUp: true },
      { name: 'Dashboard', what: 'Users and sessions, for administrators', url: '/auth/dashboard', isUp: true },
      { name: 'Mail inbox', what: 'Emails that were sent, caught on this machine', url: '/inbox', isUp: true },
      { name: 'Identity provider', what: 'Stands for Google and its like', url: discoveryURL, isUp },
    ];
    return { parts, overrides: await this.overrides.list() };
  }
}
