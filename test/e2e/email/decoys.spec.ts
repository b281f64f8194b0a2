import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { EmailDelivery, EmailQueue, type CoreOptions } from 'latchkey';
import { Core } from '../../../lib/core/core.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { outboxRows } from '../../support/outbox-rows.js';
import { lentSchema } from '../../support/kept-schemas.js';

/** So many that working them off takes ten rounds, each with statements of its own. */
const DECOYS = 100;

/** Notes how many wait while an email is being sent. */
@Injectable()
class CountingDelivery extends EmailDelivery {
  app!: EmailPasswordApp;
  readonly waiting: number[] = [];

  override async send(): Promise<void> {
    this.waiting.push((await outboxRows(this.app)).length);
  }
}

describe.each(['SQLite', 'PostgreSQL'])('Emails to nobody, on %s', (name) => {
  let close = async (): Promise<void> => undefined;
  afterEach(() => close());

  async function start(): Promise<EmailPasswordApp> {
    let core: Partial<CoreOptions> = { sqlite: ':memory:' };
    let remove = async (): Promise<void> => undefined;
    if (name === 'PostgreSQL') {
      const { schema, pools, giveBack } = lentSchema();
      core = { postgres: pools[0], schema };
      remove = giveBack;
    }
    const app = await startEmailPasswordApp('Express', {
      core,
      auth: { emailDelivery: { useClass: CountingDelivery } },
    });
    close = async () => {
      await app.close();
      await remove();
    };
    return app;
  }

  it('hold up no email that somebody gets', async () => {
    const app = await start();
    const delivery = app.app.get<CountingDelivery>(EmailDelivery as never);
    const queue = app.app.get(EmailQueue);
    delivery.app = app;
    const user = { id: 'u', recipeUserId: 'u', email: 'ada@example.com' };
    const message = { user, passwordResetLink: 'https://example.com/', tenantId: 'public' };

    await app.app.get(Core, { strict: false }).transaction(async () => {
      for (let number = 0; number < DECOYS; number++) await queue.pretend('passwordReset', message, {});
      await queue.send('passwordReset', message, {});
    });
    await queue.idle();

    // Itself, and those that were still to be worked off.
    const [waiting] = delivery.waiting;
    expect(delivery.waiting).toHaveLength(1);
    expect(waiting).toBeGreaterThan(DECOYS / 2);
    expect(await outboxRows(app)).toEqual([]);
  });
});
