import { type BeforeApplicationShutdown, Controller } from '@nestjs/common';
import { RevocationJournal } from '../lib/core/revocation-journal.js';
import { SessionsCore } from '../lib/core/sessions.core.js';
import { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
import { AppRoute } from './wire/routes.js';

const MAX_WAIT_MS = 30_000;

/** No part of the wire: our own driver hears here at once what was revoked, so that it can refuse it without asking. */
@Controller('latchkey/revocations')
export class RevocationsController implements BeforeApplicationShutdown {
  private readonly ending = new AbortController();

  @AppRoute('POST', 'since')
  async since(@CorePort(SessionsCore) sessions: SessionsCore, @Cdi() { app, body }: CdiRequest) {
    if (!app.core.offers(RevocationJournal)) return { status: 'OFF' };
    const waitMs = Math.min(Math.max(body.number('waitMs'), 0), MAX_WAIT_MS);
    const { signal } = this.ending;
    const page = await app.core
      .port(RevocationJournal)
      .since({ position: body.optionalText('position'), waitMs, signal });
    return { status: 'OK', ...page, accessTokenLifetimeMs: await sessions.getAccessTokenLifeTimeMS() };
  }

  /** Processes that wait would hold up the end. */
  beforeApplicationShutdown(): void {
    this.ending.abort();
  }
}
