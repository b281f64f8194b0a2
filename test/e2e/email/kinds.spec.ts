import { Injectable } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  EmailDelivery,
  EmailPasswordRecipe,
  EmailQueue,
  SessionRecipe,
  SmsDelivery,
  SmsQueue,
  SmtpEmailDelivery,
  type AuthModuleOptions,
  type EmailContent,
  type EmailMessage,
  type PasswordResetEmail,
} from 'latchkey';
import { RecordedEmailDelivery } from 'latchkey/testing';
import { bootError, newEmail, PASSWORD } from '../../support/auth-app.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';
import { InvitationsRecipe, RecordedSmsDelivery } from '../../support/invitations.js';
import { outboxRows } from '../../support/outbox-rows.js';
import { askForReset } from '../../support/password-resets.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { linkOf, startSmtpServer, type TestSmtpServer } from '../../support/smtp-server.js';

const LINK = 'https://www.example.com/join?token=secret-token-1';
const toEmail = (email: string) => ({
  user: { id: 'u', recipeUserId: 'u', email },
  tenantId: 'public',
  invitationLink: LINK,
  invitedBy: 'Ada',
});
const toPhone = { user: { id: 'u', recipeUserId: 'u', phoneNumber: '+491701234567' }, tenantId: 'public' };

/** As applications of version 0.1.0 wrote it. */
@Injectable()
class OlderDelivery extends EmailDelivery {
  readonly resets: PasswordResetEmail[] = [];

  override async sendPasswordReset(email: PasswordResetEmail): Promise<void> {
    this.resets.push(email);
  }

  override async sendEmailVerification(): Promise<void> {}
}

@Injectable()
class NewerDelivery extends OlderDelivery {
  readonly others: EmailMessage[] = [];

  override async send(email: EmailMessage): Promise<void> {
    if (email.kind === 'invitation') this.others.push(email);
    else await super.send(email);
  }
}

@Injectable()
class Failing extends RecordedEmailDelivery {
  override send(): Promise<void> {
    return Promise.reject(new Error(`gateway: 400 for {"text":"join at ${LINK}"}`));
  }

  override resolveLocale(): Promise<string> {
    return Promise.reject(new Error(`no dictionary\n[Nest] for ${LINK}`));
  }
}

@Injectable()
class OwnWords extends SmtpEmailDelivery {
  protected override async content(email: EmailMessage): Promise<EmailContent> {
    const content = await super.content(email);
    return { ...content, subject: `[${email.kind}] ${content.subject}` };
  }

  protected override async passwordResetContent(email: PasswordResetEmail): Promise<EmailContent> {
    const content = await super.passwordResetContent(email);
    return { ...content, subject: `${content.subject}!` };
  }
}

describe('A kind of message of a recipe from outside', () => {
  let app: EmailPasswordApp | undefined;
  let server: TestSmtpServer | undefined;
  afterEach(async () => {
    await app?.close();
    await server?.stop();
    app = server = undefined;
  });

  async function start(auth: Partial<AuthModuleOptions>, logger?: RecordedLog): Promise<EmailPasswordApp> {
    const recipeList = [SessionRecipe.init(), EmailPasswordRecipe.init(), InvitationsRecipe.init()];
    const smsDelivery = { useClass: RecordedSmsDelivery };
    app = await startEmailPasswordApp('Express', {
      ...(logger && { logger }),
      auth: { recipeList, smsDelivery, ...auth },
    });
    return app;
  }

  const idle = () => app!.app.get(EmailQueue).idle();

  it('is sent by SMTP in the words of the recipe, or of the application, each language on its own', async () => {
    server = await startSmtpServer();
    const words = { subject: 'Viens', preheader: '.', heading: 'Viens', intro: '{email}', notAsked: '.' };
    const frame = { expires: '{when}', worksOnce: 'Une fois.', linkHint: 'Lien:', footer: '{appName}' };
    const translations = { fr: { ...frame, invitation: words } };
    const { app: nest } = await start({ emailDelivery: { smtp: server.smtp, translations } });
    const [english, french, other] = [newEmail(), newEmail(), newEmail()];
    const queue = nest.get(EmailQueue);
    await queue.send('invitation', toEmail(english), {});
    await queue.send('invitation', { ...toEmail(french), locale: 'fr' }, {});
    await queue.send('passwordReset', { ...toEmail(other), passwordResetLink: LINK, locale: 'fr' }, {});

    expect((await server.next(english)).subject).toBe('Join Acme');
    expect(linkOf(await server.next(english))).toBe(LINK);
    expect(await server.next(french)).toMatchObject({ subject: 'Viens', text: expect.stringContaining('Une fois.') });
    expect((await server.next(other)).subject).toBe('Choose a new password for Acme');
  });

  it('passes the overrides of an SMTP delivery: those of every kind, and those of one', async () => {
    server = await startSmtpServer();
    const { app: nest } = await start({ emailDelivery: { smtp: server.smtp, useClass: OwnWords } });
    const [one, other] = [newEmail(), newEmail()];
    await nest.get(EmailQueue).send('invitation', toEmail(one), {});
    await nest.get(EmailQueue).send('passwordReset', { ...toEmail(other), passwordResetLink: LINK }, {});
    expect((await server.next(one)).subject).toBe('[invitation] Join Acme');
    expect((await server.next(other)).subject).toBe('[passwordReset] Choose a new password for Acme!');
  });

  it('goes to send of a delivery whose other kinds have methods of their own, as in version 0.1.0', async () => {
    const { app: nest, client } = await start({ emailDelivery: NewerDelivery });
    const email = newEmail();
    await client().signUp(email, PASSWORD);
    await askForReset(client(), email);
    await nest.get(EmailQueue).send('invitation', toEmail(email), {});
    await idle();

    const { resets, others } = nest.get(EmailDelivery, { strict: false }) as NewerDelivery;
    expect(resets).toMatchObject([{ user: { email }, passwordResetLink: expect.stringContaining('token=') }]);
    expect(resets[0]).not.toHaveProperty('kind');
    expect(others).toMatchObject([{ kind: 'invitation', user: { email }, invitationLink: LINK, invitedBy: 'Ada' }]);
  });

  it('stops the boot where the delivery does not send it, with the method that is missing', async () => {
    const error = await bootError(() => start({ emailDelivery: OlderDelivery }));
    expect(error.message).toBe(
      'AuthModule emailDelivery: InvitationsRecipe sends emails of the kind invitation, which OlderDelivery does not ' +
        'send. Add the method send(email), or sendInvitation(email), to OlderDelivery.',
    );
  });

  it('is kept by RecordedEmailDelivery, which waits for it', async () => {
    const { app: nest, emails } = await start({});
    const email = newEmail();
    await nest.get(EmailQueue).send('invitation', toEmail(email), {});
    expect(await emails.next('invitation', email)).toMatchObject({ invitedBy: 'Ada', invitationLink: LINK });
  });

  it('keeps its secrets out of the log where a gateway repeats them in its error', async () => {
    const log = new RecordedLog();
    const { app: nest } = await start({ emailDelivery: Failing }, log);
    await nest.get(EmailQueue).send('invitation', toEmail(newEmail()), {});
    await idle();
    expect(log.warnings().join('\n')).toMatch(/Email \S+ \(invitation\) was not sent at attempt 1.*join at \[hidden\]/);
    expect(log.errors()).toEqual([
      expect.stringMatching(/^Failing\.resolveLocale failed: no dictionary \[Nest\] for \[hidden\] /),
    ]);
    expect(log.lines.map(({ text }) => text).join('\n')).not.toContain('secret-token-1');
  });

  it('of text messages shares queue and outbox, and is written in the language of the user', async () => {
    const { app: nest } = await start({ isInServerlessEnv: false });
    const queue = nest.get(SmsQueue);
    const expiresAtMs = Date.now() + 15 * 60_000;
    await queue.send('invitation', { ...toPhone, invitationCode: '042137', locale: 'de-AT', expiresAtMs }, {});
    await queue.send('invitation', { ...toPhone, invitationCode: '777000', locale: 'fr', expiresAtMs }, {});
    await queue.pretend('invitation', { ...toPhone, invitationCode: '000000' }, {});
    await idle();

    const { sent } = nest.get(SmsDelivery, { strict: false }) as RecordedSmsDelivery;
    expect(sent.map(({ text }) => text).sort()).toEqual([
      '777000 lets you join Acme, in 15 minutes.',
      'Mit 042137 kommst du in 15 Minuten zu Acme.',
    ]);
    expect(sent[0]!.sms).toMatchObject({ kind: 'invitation', user: toPhone.user, messageId: expect.any(String) });
    expect(await outboxRows(app!)).toEqual([]);
  });

  it('of text messages is refused, decoys included, where no delivery is given and apiDomain is https', async () => {
    const logger = new RecordedLog();
    const { app: nest } = await start({ smsDelivery: undefined }, logger);
    expect(logger.warnings()).toEqual([
      expect.stringMatching(/^AuthModule: InvitationsRecipe sends text messages\. No smsDelivery is given/),
    ]);
    const queue = nest.get(SmsQueue);
    const sms = { ...toPhone, invitationCode: '000000' };
    await expect(queue.send('invitation', sms, {})).rejects.toThrow('No smsDelivery is given');
    await expect(queue.pretend('invitation', sms, {})).rejects.toThrow('No smsDelivery is given');
    expect(await outboxRows(app!)).toEqual([]);
  });

  it('that no recipe declares is refused when it is sent', async () => {
    app = await startEmailPasswordApp('Express');
    await expect(app.app.get(EmailQueue).send('invitation', toEmail(newEmail()), {})).rejects.toThrow(
      'No recipe of this application declares the email invitation',
    );
  });
});
