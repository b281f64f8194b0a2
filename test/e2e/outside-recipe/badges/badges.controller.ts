import { Controller } from '@nestjs/common';
import { AppRoute, Cdi, CdiRequest, CorePort, TenantRoute, userAnswer } from 'latchkey/core-service';
import { BadgesCore } from './badges.core.js';

/** The badges of the core as a service; the other end is `remote-badges.core.ts`. */
@Controller('recipe/badge')
export class BadgesController {
  @TenantRoute('POST', '/')
  async issue(@CorePort(BadgesCore) badges: BadgesCore, @Cdi() { tenantId, body, version }: CdiRequest) {
    const badge = { code: body.text('code'), pin: body.text('pin'), colour: body.text('colour') };
    const result = await badges.issue({ tenantId, ...badge });
    return result.status === 'OK' ? { ...result, user: userAnswer(result.user, version) } : result;
  }

  @TenantRoute('POST', 'enter')
  async enter(@CorePort(BadgesCore) badges: BadgesCore, @Cdi() { tenantId, body, version }: CdiRequest) {
    const result = await badges.enter({ tenantId, code: body.text('code'), pin: body.text('pin') });
    return result.status === 'OK' ? { ...result, user: userAnswer(result.user, version) } : result;
  }

  @AppRoute('GET', '/')
  async get(@CorePort(BadgesCore) badges: BadgesCore, @Cdi() { query }: CdiRequest) {
    return { status: 'OK', badge: await badges.getBadge(query.text('recipeUserId')) };
  }

  @AppRoute('PUT', 'colour')
  async paint(@CorePort(BadgesCore) badges: BadgesCore, @Cdi() { body }: CdiRequest) {
    return badges.paint({ recipeUserId: body.text('recipeUserId'), colour: body.text('colour') });
  }
}
