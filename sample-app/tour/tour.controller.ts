import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { API_REFERENCE_PATH } from '../api-reference/api-reference.js';
import { IdentityProvider } from '../identity-provider/identity-provider.js';
import { Settings } from '../settings/settings.js';
import { ActiveOverrides, type ActiveOverride } from './active-overrides.js';

/** Something that runs, and where to look at it. */
interface RunningPart {
  name: string;
  what: string;
  url: string;
  /** Undefined where nobody here knows. */
  isUp?: boolean;
}

/** What the front page tells of the application, as it runs. */
@ApiExcludeController()
@Controller('api/tour')
export class TourController {
  constructor(
    private readonly overrides: ActiveOverrides,
    private readonly identityProvider: IdentityProvider,
    private readonly settings: Settings,
  ) {}

  @Get()
  async tour(): Promise<{ parts: RunningPart[]; overrides: ActiveOverride[] }> {
    const parts: RunningPart[] = [
      { name: 'API', what: 'Accounts, sessions and your own routes in one process', url: '/health', isUp: true },
      { name: 'API reference', what: 'Every route, in Swagger UI', url: `/${API_REFERENCE_PATH}`, isUp: true },
      { name: 'Dashboard', what: 'Users and sessions, for administrators', url: '/auth/dashboard', isUp: true },
      this.mail(),
      ...this.provider(),
    ];
    return { parts, overrides: await this.overrides.list() };
  }

  private mail(): RunningPart {
    const { smtp } = this.settings;
    if (smtp !== undefined) return { name: 'Mail', what: `Emails go out by ${smtp.host}`, url: '/inbox' };
    return { name: 'Mail inbox', what: 'Emails that were sent, caught on this machine', url: '/inbox', isUp: true };
  }

  private provider(): RunningPart[] {
    const { what, discoveryURL, isUp } = this.identityProvider;
    return discoveryURL === undefined ? [] : [{ name: 'Identity provider', what, url: discoveryURL, isUp }];
  }
}
