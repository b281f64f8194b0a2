import type { EmailTexts } from './email-texts.js';

export const en: EmailTexts = {
  passwordReset: {
    subject: 'Choose a new password for {appName}',
    preheader: 'Somebody, hopefully you, asked for a new password.',
    heading: 'Choose a new password',
    intro: 'Somebody asked for a new password for your account {email} at {appName}. If it was you, choose one here:',
    button: 'Choose a new password',
    notAsked: 'If it was not you, do nothing: your password stays as it is.',
  },
  emailVerification: {
    subject: 'Confirm your email address for {appName}',
    preheader: 'One click, and we know that this address is yours.',
    heading: 'Confirm your email address',
    intro: 'The address {email} was given for an account at {appName}. If it was you, please confirm it:',
    button: 'Confirm the address',
    notAsked: 'If it was not you, do nothing: the address stays unconfirmed.',
  },
  expires: 'The link works once and expires {when}.',
  worksOnce: 'The link works once.',
  linkHint: 'If the button does not work, open this address in your browser:',
  footer: '{appName} has sent this email to {email}, since the address was given there.',
};
