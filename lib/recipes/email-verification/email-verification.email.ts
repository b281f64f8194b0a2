import type { EmailDefinition } from '../../delivery/message-definition.js';
import type { RecipeEmail } from '../../delivery/message-kinds.js';
import { websitePage } from '../../http/website-page.js';

/** With a link that verifies the address it is sent to. */
export interface EmailVerificationEmail extends RecipeEmail {
  /** Works once. Anybody who has it can prove to be the owner of the address: never log it in production. */
  emailVerifyLink: string;
}

declare module '../../delivery/message-kinds.js' {
  interface EmailKinds {
    emailVerification: EmailVerificationEmail;
  }
}

declare module '../../delivery/email-delivery.js' {
  interface EmailDelivery {
    /** Sends one kind, where a subclass has no `send` of its own. */
    sendEmailVerification?(email: EmailVerificationEmail): Promise<void>;
  }
}

/** Where the frontend spends the token. */
export const VERIFY_EMAIL_PAGE = websitePage('/verify-email', ['token', 'tenantId']);

export const emailVerificationEmail: EmailDefinition<'emailVerification'> = {
  channel: 'email',
  kind: 'emailVerification',
  link: 'emailVerifyLink',
  texts: {
    en: {
      subject: 'Confirm your email address for {appName}',
      preheader: 'One click, and we know that this address is yours.',
      heading: 'Confirm your email address',
      intro: 'The address {email} was given for an account at {appName}. If it was you, please confirm it:',
      button: 'Confirm the address',
      notAsked: 'If it was not you, do nothing: the address stays unconfirmed.',
    },
    de: {
      subject: 'E-Mail-Adresse für {appName} bestätigen',
      preheader: 'Ein Klick, und wir wissen, dass diese Adresse dir gehört.',
      heading: 'E-Mail-Adresse bestätigen',
      intro: 'Die Adresse {email} wurde für ein Konto bei {appName} angegeben. Wenn du es warst, bestätige sie bitte:',
      button: 'Adresse bestätigen',
      notAsked: 'Wenn du es nicht warst, musst du nichts tun: Die Adresse bleibt unbestätigt.',
    },
  },
};
