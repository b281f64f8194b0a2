import { ConfigurationError } from '../core/auth.error.js';
import { matchLanguage } from './accept-language.js';
import type { RecipeMessage, SmsMessage } from './message-kinds.js';
import { type MessageChannel, outboxKind } from './outbox-kind.js';
import { fillIn } from './templates/fill-in.js';
import type { KindTexts } from './templates/email-texts.js';
import { timeFromNow } from './templates/time-from-now.js';

/** A definition without the types of its kind. */
interface AnyDefinition<Texts> {
  kind: string;
  texts: Readonly<Record<string, Texts>>;
  link?: string;
  code?: string;
  secrets?: readonly string[];
}

export type RegisteredMessage =
  (AnyDefinition<KindTexts> & { channel: 'email' }) | (AnyDefinition<string> & { channel: 'sms' });

/** A kind is part of names of methods, and of the outbox. */
const KIND = /^[a-z][a-zA-Z0-9]{0,63}$/;

/** The messages of all recipes of one application, as their definitions declare them. */
export class MessageRegistry {
  private readonly definitions = new Map<string, RegisteredMessage>();

  /** @throws {ConfigurationError} two recipes declare the same kind, a kind is no name, or English is missing */
  constructor(definitions: Iterable<RegisteredMessage>) {
    for (const definition of definitions) this.add(definition);
  }

  has(channel: MessageChannel, kind: string): boolean {
    return this.definitions.has(outboxKind({ channel, kind }));
  }

  emails(): AnyDefinition<KindTexts>[] {
    return [...this.definitions.values()].filter((definition) => definition.channel === 'email');
  }

  /** @throws {Error} no recipe declares that kind */
  email(kind: string): AnyDefinition<KindTexts> {
    return this.find('email', kind) as AnyDefinition<KindTexts>;
  }

  /** The values by which somebody could get into an account: the link, the code and what else is declared. */
  secretsOf(channel: MessageChannel, message: object, kind: string): string[] {
    const definition = this.definitions.get(outboxKind({ channel, kind }));
    const fields = [definition?.link, definition?.code, ...(definition?.secrets ?? [])];
    return fields.flatMap((field) => textField(message, field) ?? []);
  }

  smsText(sms: SmsMessage, appName: string, nowMs = Date.now()): string {
    const { kind, locale, expiresAtMs } = sms as RecipeMessage & { kind: string };
    const { texts, link, code } = this.find('sms', kind) as AnyDefinition<string>;
    const language = matchLanguage(locale === undefined ? [] : [locale], Object.keys(texts)) ?? 'en';
    return fillIn(texts[language]!, {
      appName,
      link: textField(sms, link),
      code: textField(sms, code),
      when: expiresAtMs === undefined ? undefined : timeFromNow(expiresAtMs, nowMs, language),
    });
  }

  private add(definition: RegisteredMessage): void {
    const { channel, kind, texts } = definition;
    if (!KIND.test(kind)) {
      throw new ConfigurationError(
        `A recipe declares a message of the kind ${JSON.stringify(kind)}. Give a name of letters and digits, such as passwordReset.`,
      );
    }
    if (this.has(channel, kind)) {
      throw new ConfigurationError(
        `Two recipes declare the ${channel} ${kind}. Remove one of the recipes, or rename its message.`,
      );
    }
    if (!Object.hasOwn(texts, 'en')) {
      throw new ConfigurationError(`The ${channel} ${kind} has no English words. Add texts.en to its definition.`);
    }
    this.definitions.set(outboxKind({ channel, kind }), definition);
  }

  private find(channel: MessageChannel, kind: string): RegisteredMessage {
    const found = this.definitions.get(outboxKind({ channel, kind }));
    if (found !== undefined) return found;
    throw new Error(
      `No recipe of this application declares the ${channel} ${kind}. Add it to the messages of its definition.`,
    );
  }
}

/** @returns undefined where the message has no such field, or one without text */
export function textField(message: object, field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  const value: unknown = Reflect.get(message, field);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
