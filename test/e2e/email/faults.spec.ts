import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, Logger } from '@nestjs/common';
import { type GivenUpEmail, SmtpEmailDelivery, EmailDelivery } from 'latchkey';
import { Core } from '../../../lib/core/core.js';
import { SqlAuthDatabase } from '../../../lib/core/embedded/storage/sql-auth-database.js';
import { newEmail } from '../../support/auth-app.js';
import { makeEmailsDue, outboxRows } from '../../support/outbox-rows.js';
import { askForReset, RESET_OK, resetPassword, tokenOf } from '../../support/password-resets.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { type SmtpApp, startSmtpApp, type SmtpAppOptions } from '../../support/smtp-app.js';
import { linkOf, type SmtpFault, startSmtpServer, type TestSmtpServer } from '../../support/smtp-server.js';
import { waitUntil } from '../../support/wait-until.js';

const PASSWORD = 'correct horse 1';

@Injectable()
class ReportingDelivery extends SmtpEmailDelivery {
  readonly givenUp: GivenUpEmail[] = [];

  override async onGivenUp(email: GivenUpEmail): Promise<void> {
    this.givenUp.push(email);
  }
}

describe('A mail server that fails', () => {
  let server: TestSmtpServer;
  let app: SmtpApp;
  let log: RecordedLog;

  beforeEach(async () => {
    server = await startSmtpServer();
    log = new RecordedLog();
  });
  afterEach(async () => {
    await app?.close();
    await server.stop();
    Logger.overrideLogger(false);
  });

  /** @param waitMs short only for a server that stalls: on a busy machine a good one would be taken for that */
  async function start(options: SmtpAppOptions = {}, waitMs = 20_000): Promise<string> {
    const waits = { socketTimeoutMs: waitMs, greetingTimeoutMs: waitMs, connectionTimeoutMs: waitMs };
    const smtp = { ...server.smtp, ...waits };
    const emailDelivery = { smtp, useClass: ReportingDelivery };
    app = await startSmtpApp('Express', { server, logger: log, auth: { emailDelivery }, ...options });
    const email = newEmail();
    await app.client().signUp(email, PASSWORD);
    return email;
  }

  const ask = async (email: string) => (await askForReset(app.client(), email)).json();
  const delivery = () => app.app.get<ReportingDelivery>(EmailDelivery as never, { strict: false });
  const allTried = () => waitUntil(async () => (await outboxRows(app)).length === 0, 30_000);

  async function expectOne(email: string): Promise<void> {
    const received = await server.next(email);
    await allTried();
    expect(server.received.filter(({ envelope }) => envelope.to.includes(email))).toHaveLength(1);
    const reset = await resetPassword(app.client(), tokenOf(linkOf(received)), 'new battery 2');
    expect(await reset.json()).toEqual(RESET_OK);
  }

  it.each<SmtpFault[]>([
    ['refuse for now'],
    ['refuse for good'],
    ['refuse the recipient for now'],
    ['drop at the greeting'],
    ['drop in the middle of the data'],
    ['stall'],
    ['refuse for now', 'drop in the middle of the data', 'refuse for good'],
  ])(
    'and then takes it gets each email once: %s %s %s',
    async (...faults) => {
      const email = await start({}, faults.includes('stall') ? 1000 : undefined);
      server.failNext(...faults.filter(Boolean));
      expect(await ask(email)).toEqual(RESET_OK);
      await expectOne(email);
      expect(server.attempts()).toBe(faults.filter(Boolean).length + 1);
      expect(log.warnings().filter((line) => line.includes('is tried again'))).not.toEqual([]);
      expect(log.lines.map(({ text }) => text).join('\n')).not.toMatch(/token=|new battery/);
      expect(delivery().givenUp).toEqual([]);
    },
    60_000,
  );

  it('and is away for a while gets what was asked for meanwhile, and holds up no answer', async () => {
    const email = await start();
    await server.stop();
    expect(await ask(email)).toEqual(RESET_OK);
    await waitUntil(async () => (await outboxRows(app))[0]!.attempts >= 2, 20_000);
    await server.restart();
    await expectOne(email);
  }, 60_000);

  it('and says that there is no such mailbox is not asked again', async () => {
    const email = await start();
    server.failNext('refuse the address');
    await ask(email);
    await allTried();
    await waitUntil(async () => delivery().givenUp.length > 0);
    expect(server.attempts()).toBe(1);
    const [{ kind, email: givenUp, attempts }] = delivery().givenUp as [GivenUpEmail];
    expect({ kind, to: givenUp.user.email, attempts }).toEqual({ kind: 'passwordReset', to: email, attempts: 1 });
    expect(log.errors().join('\n')).toMatch(
      /Email [\da-f-]+ \(passwordReset\) is given up after 1 attempts: .*no such/,
    );
  });

  it('for too long makes the queue give up before the link expires, and say so', async () => {
    const email = await start({ core: { passwordResetTokenLifetimeSeconds: 60 } });
    await server.stop();
    await ask(email);
    // As after many attempts: the next one would come too late.
    const db = await app.app.get(Core, { strict: false }).port(SqlAuthDatabase).tables();
    await db.updateTable('latchkey_email_outbox').set({ attempts: 12, due_at_ms: 0 }).execute();
    await allTried();
    await waitUntil(async () => delivery().givenUp.length > 0);
    expect(delivery().givenUp).toMatchObject([{ kind: 'passwordReset', email: { user: { email } } }]);
    expect(log.errors().join('\n')).toMatch(/is given up after \d+ attempts: /);
    expect(log.errors().join('\n')).not.toContain('token=');
  }, 60_000);

  it('finds an email that waited past the end of its link, and does not get it', async () => {
    const email = await start();
    server.failNext('refuse for now');
    await ask(email);
    await waitUntil(async () => server.attempts() === 1);
    await app.queue.idle();
    const db = await app.app.get(Core, { strict: false }).port(SqlAuthDatabase).tables();
    await db.updateTable('latchkey_email_outbox').set({ expires_at_ms: 1 }).execute();
    await makeEmailsDue(app);
    await allTried();
    await waitUntil(async () => delivery().givenUp.length > 0);
    expect(server.received).toEqual([]);
    expect(log.errors().join('\n')).toContain('its link has expired');
  }, 60_000);

  it('by the same id, where the same email comes twice', async () => {
    const email = await start();
    const lost = delivery().sendPasswordReset.bind(delivery());
    let calls = 0;
    delivery().sendPasswordReset = async (message) => {
      await lost(message);
      // As where the server has taken it, and its answer is lost.
      if (++calls === 1) throw new Error('the answer is lost');
    };
    await ask(email);
    await allTried();
    expect(server.received.map(({ messageId }) => messageId)).toHaveLength(2);
    expect(new Set(server.received.map(({ messageId }) => messageId)).size).toBe(1);
  });
});
