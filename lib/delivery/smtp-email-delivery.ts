import { Inject, Injectable, Optional, type OnModuleInit } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { ConfigurationError } from '../core/auth.error.js';
import { parseEmailAddress } from '../core/email-address.js';
import { getRequestFromUserContext } from '../http/user-context.js';
import { acceptedLanguages, matchLanguage } from './accept-language.js';
import type { EmailContent } from './email-content.js';
import {
  EmailDelivery,
  type EmailKind,
  type EmailVerificationEmail,
  type PasswordResetEmail,
  type RecipeEmail,
  UndeliverableEmailError,
} from './email-delivery.js';
import { singleLine } from './mailbox.js';
import { type ResolvedSmtpOptions, resolveSmtpOptions, type SmtpOptions } from './smtp.options.js';
import { de } from './templates/de.js';
import type { EmailTemplateOptions } from './templates/email-template.options.js';
import { en } from './templates/en.js';
import type { Translations } from './templates/email-texts.js';
import { renderEmail } from './templates/render-email.js';

export const SMTP_OPTIONS = Symbol('latchkey.smtp-options');
export const EMAIL_TEMPLATES = Symbol('latchkey.email-templates');

/** RFC 3463: the address is wrong, and will be tomorrow. */
const BAD_ADDRESS = /^5\d\d[ -]5\.1\.(?:1|2|3|10)\b/;

/**
 * Sends emails by SMTP. A subclass may change the words of one kind (`passwordResetContent`), where the server is
 * (`smtpOptions`), or whatever else: `emailDelivery: { smtp: { … }, useClass: MyDelivery }`.
 */
@Injectable()
export class SmtpEmailDelivery extends EmailDelivery implements OnModuleInit {
  @Optional() @Inject(SMTP_OPTIONS) private readonly givenSmtpOptions?: SmtpOptions;
  @Optional() @Inject(EMAIL_TEMPLATES) protected readonly templates?: EmailTemplateOptions;
  private opened: { options: ResolvedSmtpOptions; transporter: Transporter } | undefined;

  /** A wrong option is found at boot. */
  onModuleInit(): void {
    this.open();
  }

  /** Where the server is. To be overridden where `emailDelivery.smtp` is not given. */
  protected smtpOptions(): SmtpOptions {
    if (this.givenSmtpOptions !== undefined) return this.givenSmtpOptions;
    const { name } = this.constructor;
    throw new ConfigurationError(
      `AuthModule emailDelivery: ${name} has no server. Give { smtp: { host, port, auth, from }, useClass: ${name} }, ` +
        'or override smtpOptions().',
    );
  }

  override async sendPasswordReset(email: PasswordResetEmail): Promise<void> {
    await this.deliver(email, await this.passwordResetContent(email));
  }

  override async sendEmailVerification(email: EmailVerificationEmail): Promise<void> {
    await this.deliver(email, await this.emailVerificationContent(email));
  }

  override async resolveLocale(email: Omit<RecipeEmail, 'locale'>): Promise<string | undefined> {
    const own = this.templates?.resolveLocale;
    if (own !== undefined) return own(email);
    const request = getRequestFromUserContext(email.userContext);
    const wanted = acceptedLanguages(request?.getHeaderValue('accept-language'));
    return matchLanguage(wanted, Object.keys(this.translations()));
  }

  override async close(): Promise<void> {
    this.opened?.transporter.close();
    this.opened = undefined;
  }

  protected async passwordResetContent(email: PasswordResetEmail): Promise<EmailContent> {
    return this.render('passwordReset', email, email.passwordResetLink);
  }

  protected async emailVerificationContent(email: EmailVerificationEmail): Promise<EmailContent> {
    return this.render('emailVerification', email, email.emailVerifyLink);
  }

  /** The languages there are. */
  protected translations(): Translations {
    return { en, de, ...this.templates?.translations };
  }

  /** @throws {ConfigurationError} `defaultLocale` is none of the languages */
  protected render(kind: EmailKind, email: RecipeEmail, link: string): EmailContent {
    const { defaultLocale = 'en', brand = {} } = this.templates ?? {};
    const translations = this.translations();
    const wanted = email.locale === undefined ? [defaultLocale] : [email.locale, defaultLocale];
    const locale = matchLanguage(wanted, Object.keys(translations)) ?? 'en';
    const texts = translations[locale]!;
    return renderEmail({
      kind: texts[kind],
      texts,
      locale,
      appName: this.authConfig.appInfo.appName,
      email: email.user.email,
      link,
      expiresAtMs: email.expiresAtMs,
      brand,
    });
  }

  /**
   * Sends to one recipient, whatever the address looks like.
   * @throws {UndeliverableEmailError} no server can ever take it
   */
  protected async deliver({ user, messageId }: RecipeEmail, { subject, text, html }: EmailContent): Promise<void> {
    const { options, transporter } = this.open();
    const to = parseEmailAddress(user.email)?.address;
    if (to === undefined) {
      throw new UndeliverableEmailError('the address of the recipient is not one that can be sent to');
    }
    const { address, name = singleLine(this.authConfig.appInfo.appName) } = options.from;
    try {
      await transporter.sendMail({
        from: { name, address },
        to: { name: '', address: to },
        replyTo: options.replyTo && { name: options.replyTo.name ?? '', address: options.replyTo.address },
        // What is written above may be read by no parser of lists of addresses.
        envelope: { from: address, to: [to] },
        subject: singleLine(subject),
        text,
        html,
        messageId: messageId && `<${messageId}@${address.slice(address.lastIndexOf('@') + 1)}>`,
        // RFC 3834: out-of-office replies are of no use here.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } catch (error) {
      const { response = '' } = error as { response?: string };
      if (!BAD_ADDRESS.test(response)) throw error;
      throw new UndeliverableEmailError(`the server knows no such address: ${response}`, { cause: error });
    }
  }

  private open(): { options: ResolvedSmtpOptions; transporter: Transporter } {
    if (this.opened !== undefined) return this.opened;
    const options = resolveSmtpOptions(this.smtpOptions());
    const transporter = createTransport({
      pool: true,
      host: options.host,
      port: options.port,
      secure: options.secure,
      requireTLS: options.requireTLS,
      auth: options.auth,
      tls: options.tls,
      maxConnections: options.maxConnections,
      connectionTimeout: options.connectionTimeoutMs,
      greetingTimeout: options.greetingTimeoutMs,
      socketTimeout: options.socketTimeoutMs,
      // Attempts are counted, spaced and reported by the queue.
      maxRequeues: 0,
    });
    this.opened = { options, transporter };
    return this.opened;
  }
}
