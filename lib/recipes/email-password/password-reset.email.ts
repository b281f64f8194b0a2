import type { EmailDefinition } from '../../delivery/message-definition.js';
import type { RecipeEmail } from '../../delivery/message-kinds.js';
import { websitePage } from '../../http/website-page.js';

/** With a link that lets its user choose a new password. */
export interface PasswordResetEmail extends RecipeEmail {
  /** Works once. Anybody who has it can take the account over: never log it in production. */
  passwordResetLink: string;
}

declare module '../../delivery/message-kinds.js' {
  interface EmailKinds {
    passwordReset: PasswordResetEmail;
  }
}

declare module '../../delivery/email-delivery.js' {
  interface EmailDelivery {
    /** Sends one kind, where a subclass has no `send` of its own. */
    sendPasswordReset?(email: PasswordResetEmail): Promise<void>;
  }
}

/** Where the frontend asks for the new password. */
export const RESET_PASSWORD_PAGE = websitePage('/reset-password', ['token', 'tenantId']);

export const passwordResetEmail: EmailDefinition<'passwordReset'> = {
  channel: 'email',
  kind: 'passwordReset',
  link: 'passwordResetLink',
  texts: {
    en: {
      subject: 'Choose a new password for {appName}',
      preheader: 'Somebody, hopefully you, asked for a new password.',
      heading: 'Choose a new password',
      intro: 'Somebody asked for a new password for your account {email} at {appName}. If it was you, choose one here:',
      button: 'Choose a new password',
      notAsked: 'If it was not you, do nothing: your password stays as it is.',
    },
    de: {
      subject: 'Neues Passwort für {appName} festlegen',
      preheader: 'Jemand, hoffentlich du selbst, hat ein neues Passwort angefordert.',
      heading: 'Neues Passwort festlegen',
      intro:
        'Jemand hat für dein Konto {email} bei {appName} ein neues Passwort angefordert. Wenn du es warst, lege es hier fest:',
      button: 'Neues Passwort festlegen',
      notAsked: 'Wenn du es nicht warst, musst du nichts tun: Dein Passwort bleibt, wie es ist.',
    },
  },
};
