import type { EmailKind } from '../email-delivery.js';

/** The words of one kind of email. `{appName}` and `{email}` stand for the application and the recipient. */
export interface KindTexts {
  subject: string;
  /** What mail clients show beside the subject, before the email is opened. */
  preheader: string;
  heading: string;
  intro: string;
  /** On the button that opens the link. */
  button: string;
  /** For those who did not ask for the email. */
  notAsked: string;
}

/** All words of the emails in one language. Plain text: what looks like HTML is shown as it is. */
export type EmailTexts = Record<EmailKind, KindTexts> & {
  /** `{when}` stands for a time from now, such as `in 1 hour`. */
  expires: string;
  /** Where it is not known when the link expires. */
  worksOnce: string;
  /** Before the link as text. */
  linkHint: string;
  /** Why somebody gets the email. */
  footer: string;
};

/** By language tag, such as `fr` or `pt-BR`. */
export type Translations = Readonly<Record<string, EmailTexts>>;
