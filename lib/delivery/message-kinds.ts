import type { UserContext } from '../http/user-context.js';

/** What every message has, whatever its kind and its channel. */
export interface RecipeMessage {
  /** The tenant that the message is about, such as `public`. */
  tenantId: string;
  /** The language of the user, such as `de` or `pt-BR`, where it is known. @see MessageDelivery.resolveLocale */
  locale?: string;
  /** Milliseconds since the Unix epoch: when the link or the code stops working, where the core tells. */
  expiresAtMs?: number;
  /** The same for all attempts at one message, without brackets and domain: by it duplicates are recognised. */
  messageId?: string;
  /** That of the call at the first attempt of the process that made it; an empty one at later attempts. */
  userContext: UserContext;
}

/** What every kind of email has. */
export interface RecipeEmail extends RecipeMessage {
  user: { id: string; recipeUserId: string; email: string };
}

/** What every kind of text message has. */
export interface RecipeSms extends RecipeMessage {
  /** `phoneNumber` is in the form of E.164, such as `+491701234567`. */
  user: { id: string; recipeUserId: string; phoneNumber: string };
}

/**
 * The kinds of emails and what each one holds. A recipe, of this package or of another one, adds its own by declaration
 * merging: `declare module 'latchkey' { interface EmailKinds { invitation: InvitationEmail } }`.
 */
// oxlint-disable-next-line no-empty-interface, no-empty-object-type
export interface EmailKinds {}

/** The kinds of text messages and what each one holds, added to in the same way as `EmailKinds`. */
// oxlint-disable-next-line no-empty-interface, no-empty-object-type
export interface SmsKinds {}

/** The kind of a message, such as `passwordReset`. */
export type EmailKind = keyof EmailKinds & string;
/** The kind of a text message. A recipe adds its own to `SmsKinds`. */
export type SmsKind = keyof SmsKinds & string;

/** An email as `EmailDelivery.send` gets it: what its kind holds, and `kind` itself. */
export type EmailMessage<Kind extends EmailKind = EmailKind> = {
  [Each in Kind]: { kind: Each } & EmailKinds[Each];
}[Kind];

/** A text message as `SmsDelivery.send` gets it: what its kind holds, and `kind` itself. */
export type SmsMessage<Kind extends SmsKind = SmsKind> = { [Each in Kind]: { kind: Each } & SmsKinds[Each] }[Kind];

/** An email that is not tried again. */
export type GivenUpEmail = {
  [Kind in EmailKind]: { kind: Kind; email: EmailKinds[Kind]; error: unknown; attempts: number };
}[EmailKind];

/** A text message that is not tried again. */
export type GivenUpSms = {
  [Kind in SmsKind]: { kind: Kind; sms: SmsKinds[Kind]; error: unknown; attempts: number };
}[SmsKind];
