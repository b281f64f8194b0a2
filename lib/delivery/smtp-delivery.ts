import { Inject, Injectable, Optional, type OnModuleInit } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { ConfigurationError } from '../core/auth.error.js';
import { parseEmailAddress } from '../core/email-address.js';
import type { MaybePromise } from '../core/maybe-promise.js';
import { getRequestFromUserContext } from '../http/user-context.js';
import { acceptedLanguages, matchLanguage } from './accept-language.js';
import type { EmailContent } from './email-content.js';
import { EmailDelivery, senderOfKind } from './email-delivery.js';
import { singleLine } from './mailbox.js';
import type { EmailKind, EmailMessage, RecipeEmail } from './message-kinds.js';
import { textField } from './message-registry.js';
import { type ResolvedSmtpOptions, resolveSmtpOptions, type SmtpOptions, transportOf } from './smtp.options.js';
import { de } from './templates/de.js';
import type { EmailTemplateOptions } from './templates/email-template.options.js';
import type { EmailTexts, FrameTexts, Translations } from './templates/email-texts.js';
import { en } from './templates/en.js';
import { renderEmail } from './templates/render-email.js';
import { UndeliverableEmailError } from './undeliverable-message.error.js';

export const SMTP_OPTIONS = Symbol('latchkey.smtp-options');
export const EMAIL_TEMPLATES = Symbol('latchkey.email-templates');

/** The sentences of every email, in the languages of this package. */
const FRAMES: Readonly<Record<string, FrameTexts>> = { en, de };

/** RFC 3463: the address is wrong, and will be tomorrow. RFC 6531: or has letters that this server never takes. */
const BAD_ADDRESS = /^5\d\d[ -]5\.(?:1\.(?:1|2|3|10)|6\.7)\b/;

/**
 * Sends emails of every kind by SMTP, in the words that the recipes declare and the application's own. A subclass may
 * change what is written (`content`), where the server is (`smtpOptions`), or anything else.
 */
@Injectable()
export class SmtpDelivery extends EmailDelivery implements OnModuleInit {
  @Optional() @Inject(SMTP_OPTIONS) private readonly smtpOption?: SmtpOptions;
  @Optional() @Inject(EMAIL_TEMPLATES) protected readonly templates?: EmailTemplateOptions;
  private opened: Promise<SmtpConnection> | undefined;

  /** A wrong option is found at boot. */
  onModuleInit(): MaybePromise<void> {
    return this.open().then(() => undefined);
  }

  /** Where the server is. To be overridden where `emailDelivery.smtp` is not given. */
  protected smtpOptions(): SmtpOptions {
    if (this.smtpOption !== undefined) return this.smtpOption;
    const { name } = this.constructor;
    throw new ConfigurationError(
      `AuthModule emailDelivery: ${name} has no server. Give { smtp: { host, port, auth, from }, useClass: ${name} }, ` +
        'or override smtpOptions().',
    );
  }

  override async send(email: EmailMessage): Promise<void> {
    if (senderOfKind(this, email.kind) !== undefined) return super.send(email);
    await this.deliver(email, await this.content(email));
  }

  override async resolveLocale(email: Omit<RecipeEmail, 'locale'>): Promise<string | undefined> {
    const resolveLocale = this.templates?.resolveLocale;
    if (resolveLocale !== undefined) return resolveLocale(email);
    const request = getRequestFromUserContext(email.userContext);
    const accepted = acceptedLanguages(request?.getHeaderValue('accept-language'));
    return matchLanguage(accepted, Object.keys(this.translations()));
  }

  override async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    (await opened)?.transporter.close();
  }

  /** What is written, of any kind: to be overridden where words and languages do not do. */
  protected async content(email: EmailMessage): Promise<EmailContent> {
    const link = textField(email, this.messageRegistry.email(email.kind).link);
    return this.render(email.kind, email, link);
  }

  /** The languages there are: the recipes' words, and over them those of the application. */
  protected translations(): Translations {
    const translations: Record<string, EmailTexts> = {};
    for (const { kind, texts } of this.messageRegistry.emails()) {
      for (const [language, words] of Object.entries(texts)) {
        translations[language] = { ...(FRAMES[language] ?? en), ...translations[language], [kind]: words };
      }
    }
    for (const [language, words] of Object.entries(this.templates?.translations ?? {})) {
      translations[language] = { ...translations[language], ...words };
    }
    return translations;
  }

  /**
   * An email in the words of its kind.
   * @param email what its kind holds; `locale` says in which language, as far as there are words in it
   */
  protected render(kind: EmailKind, email: RecipeEmail, link?: string): EmailContent {
    const { defaultLocale = 'en', brand = {} } = this.templates ?? {};
    const translations = this.translations();
    const languages = Object.keys(translations).filter((language) => translations[language]![kind] !== undefined);
    const preferences = email.locale === undefined ? [defaultLocale] : [email.locale, defaultLocale];
    const locale = matchLanguage(preferences, languages) ?? 'en';
    const frame = translations[locale]!;
    return renderEmail({
      texts: { ...frame, ...frame[kind]! },
      locale,
      appName: this.authConfig.appInfo.appName,
      email: email.user.email,
      link,
      code: textField(email, this.messageRegistry.email(kind).code),
      expiresAtMs: email.expiresAtMs,
      brand,
    });
  }

  /**
   * Sends to one recipient.
   * @throws {UndeliverableEmailError} no server can ever take it
   */
  protected async deliver({ user, messageId }: RecipeEmail, { subject, text, html }: EmailContent): Promise<void> {
    const { options, transporter } = await this.open();
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

  /** @throws {ConfigurationError} at once, for a wrong option */
  private open(): Promise<SmtpConnection> {
    this.opened ??= connect(resolveSmtpOptions(this.smtpOptions()));
    return this.opened;
  }
}

interface SmtpConnection {
  options: ResolvedSmtpOptions;
  transporter: Transporter;
}

/** Only applications that send by SMTP load the package. */
async function connect(options: ResolvedSmtpOptions): Promise<SmtpConnection> {
  const { createTransport } = await import('nodemailer');
  // Attempts are counted, spaced and reported by the queue.
  return { options, transporter: createTransport({ pool: true, maxRequeues: 0, ...transportOf(options) }) };
}
