import type { EmailKind, EmailKinds, SmsKind, SmsKinds } from './message-kinds.js';
import type { KindTexts } from './templates/email-texts.js';

/** The names of the fields that hold text. */
type TextField<Content> = {
  [Field in keyof Content]-?: Content[Field] extends string | undefined ? Field : never;
}[keyof Content] &
  string;

interface SecretFields<Content> {
  /** The field with the link that the message is about. It is a secret, as is the code. */
  link?: TextField<Content>;
  /** The field with a code to be typed in. */
  code?: TextField<Content>;
  /** Further fields by which somebody could get into an account. None of these fields goes to a log. */
  secrets?: readonly TextField<Content>[];
}

/** What a recipe declares of a kind of email. */
export interface EmailDefinition<Kind extends EmailKind = EmailKind> extends SecretFields<EmailKinds[Kind]> {
  channel: 'email';
  kind: Kind;
  /** By language tag, such as `de`; English always, for users of other languages. */
  texts: Readonly<Record<string, KindTexts> & { en: KindTexts }>;
}

/** What a recipe declares of a kind of text message. */
export interface SmsDefinition<Kind extends SmsKind = SmsKind> extends SecretFields<SmsKinds[Kind]> {
  channel: 'sms';
  kind: Kind;
  /**
   * By language tag, English always. `{appName}`, `{link}`, `{code}` and `{when}` are filled in; `{when}` is a time from
   * now, such as `in 15 minutes`.
   */
  texts: Readonly<Record<string, string> & { en: string }>;
}

/** Any of them, as long as its fields are those of its kind. */
export type MessageDefinition =
  { [Kind in EmailKind]: EmailDefinition<Kind> }[EmailKind] | { [Kind in SmsKind]: SmsDefinition<Kind> }[SmsKind];
