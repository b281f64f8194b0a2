import type { EmailKind } from '../message-kinds.js';

/** The sentences that emails of every kind have in common. */
export interface FrameTexts {
  /** `{when}` stands for a time from now, such as `in 1 hour`. */
  expires: string;
  /** Where it is not known when the link expires. */
  worksOnce: string;
  /** Before the link as text. */
  linkHint: string;
  /** Why somebody gets the email. */
  footer: string;
}

/**
 * The words of one kind of email. `{appName}` and `{email}` stand for the application and the recipient, `{code}` for the
 * code of a kind that has one. A sentence that all kinds have in common may be another one here.
 */
export interface KindTexts extends Partial<FrameTexts> {
  subject: string;
  /** What mail clients show beside the subject, before the email is opened. */
  preheader: string;
  heading: string;
  intro: string;
  /** On the button that opens the link. @default the heading */
  button?: string;
  /** For those who did not ask for the email. */
  notAsked: string;
}

/**
 * All words of the emails in one language. Plain text: what looks like HTML is shown as it is. A kind that is left out is
 * written in the recipe's own words for that language, or else in another language.
 */
export type EmailTexts = { [Kind in EmailKind]?: KindTexts } & FrameTexts;

/** By language tag, such as `fr` or `pt-BR`. */
export type Translations = Readonly<Record<string, EmailTexts>>;
