/* What kinds of messages allow and forbid. Compiled by types.spec.ts and by `npm run check:types`, never run. */
import {
  EmailDelivery,
  EmailQueue,
  SmsDelivery,
  SmsQueue,
  SmtpEmailDelivery,
  type EmailDefinition,
  type EmailMessage,
  type EmailVerificationEmail,
  type GivenUpEmail,
  type PasswordResetEmail,
  type RecipeEmail,
  type RecipeSms,
  type SmsMessage,
  type Translations,
} from 'latchkey';

interface MagicLinkEmail extends RecipeEmail {
  magicLink: string;
  userInputCode?: string;
  attempts: number;
}

interface OneTimeCodeSms extends RecipeSms {
  userInputCode: string;
}

declare module 'latchkey' {
  interface EmailKinds {
    magicLink: MagicLinkEmail;
  }
  interface SmsKinds {
    oneTimeCode: OneTimeCodeSms;
  }
}

/** As in version 0.1.0: it compiles though there are more kinds now. */
export class OlderDelivery extends EmailDelivery {
  override async sendPasswordReset({ user, passwordResetLink, locale }: PasswordResetEmail): Promise<void> {
    void [user.email.length, passwordResetLink.length, locale?.length];
  }
  override async sendEmailVerification({ emailVerifyLink }: EmailVerificationEmail): Promise<void> {
    void emailVerifyLink.length;
  }
  override async onGivenUp({ kind, email }: GivenUpEmail): Promise<void> {
    void [kind.length, email.user.id];
  }
}

export class OlderWords extends SmtpEmailDelivery {
  protected override async passwordResetContent(email: PasswordResetEmail) {
    return { ...(await super.passwordResetContent(email)), subject: 'Hello' };
  }
}

export class Delivery extends EmailDelivery {
  override async send(email: EmailMessage): Promise<void> {
    if (email.kind === 'magicLink') void [email.magicLink.length, email.attempts + 1];
    if (email.kind === 'passwordReset') void email.passwordResetLink.length;
    // @ts-expect-error a field of another kind
    if (email.kind === 'passwordReset') void email.magicLink;
    // @ts-expect-error no such kind
    if (email.kind === 'magicLnk') void 0;
    void email.user.email;
  }
}

// @ts-expect-error send is missing
export class NoSender extends SmsDelivery {}

export class Gateway extends SmsDelivery {
  override async send(sms: SmsMessage): Promise<void> {
    void [this.textOf(sms).length, sms.user.phoneNumber, sms.kind === 'oneTimeCode' && sms.userInputCode];
  }
}

const frame = { expires: '', worksOnce: '', linkHint: '', footer: '' };
const words = { subject: '', preheader: '', heading: '', intro: '', button: '', notAsked: '' };

/** As in version 0.1.0: no word of the new kind. */
export const older: Translations = { fr: { ...frame, passwordReset: words, emailVerification: words } };
export const newer: Translations = { fr: { ...frame, magicLink: words } };
// @ts-expect-error no such kind
export const misspelt: Translations = { fr: { ...frame, magicLnk: words } };
// @ts-expect-error no such word
export const wrongWord: Translations = { fr: { ...frame, magicLink: { ...words, titel: '' } } };

const user = { id: 'u', recipeUserId: 'u', email: 'ada@example.com' };
const phone = { id: 'u', recipeUserId: 'u', phoneNumber: '+491701234567' };

export async function send(emails: EmailQueue, sms: SmsQueue): Promise<void> {
  await emails.send('magicLink', { user, tenantId: 'public', magicLink: 'https://x', attempts: 1 }, {});
  // @ts-expect-error the link is missing
  await emails.send('magicLink', { user, tenantId: 'public', attempts: 1 }, {});
  // @ts-expect-error a field of another kind
  await emails.send('magicLink', { user, tenantId: 'public', magicLink: '', attempts: 1, passwordResetLink: '' }, {});
  // @ts-expect-error no such kind
  await emails.send('magicLnk', { user, tenantId: 'public' }, {});
  await sms.send('oneTimeCode', { user: phone, tenantId: 'public', userInputCode: '042137' }, {});
  // @ts-expect-error an email address is no phone number
  await sms.send('oneTimeCode', { user, tenantId: 'public', userInputCode: '042137' }, {});
}

export const magicLink: EmailDefinition<'magicLink'> = {
  channel: 'email',
  kind: 'magicLink',
  link: 'magicLink',
  code: 'userInputCode',
  texts: { en: words },
};
// @ts-expect-error not a field of this kind
export const noSuchField: EmailDefinition<'magicLink'> = { ...magicLink, link: 'passwordResetLink' };
// @ts-expect-error a link is text
export const noText: EmailDefinition<'magicLink'> = { ...magicLink, link: 'attempts' };
// @ts-expect-error English is missing
export const noEnglish: EmailDefinition<'magicLink'> = { ...magicLink, texts: { de: words } };
