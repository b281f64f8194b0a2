import type { EmailTexts } from './email-texts.js';

export const de: EmailTexts = {
  passwordReset: {
    subject: 'Neues Passwort für {appName} festlegen',
    preheader: 'Jemand, hoffentlich du selbst, hat ein neues Passwort angefordert.',
    heading: 'Neues Passwort festlegen',
    intro:
      'Jemand hat für dein Konto {email} bei {appName} ein neues Passwort angefordert. Wenn du es warst, lege es hier fest:',
    button: 'Neues Passwort festlegen',
    notAsked: 'Wenn du es nicht warst, musst du nichts tun: Dein Passwort bleibt, wie es ist.',
  },
  emailVerification: {
    subject: 'E-Mail-Adresse für {appName} bestätigen',
    preheader: 'Ein Klick, und wir wissen, dass diese Adresse dir gehört.',
    heading: 'E-Mail-Adresse bestätigen',
    intro: 'Die Adresse {email} wurde für ein Konto bei {appName} angegeben. Wenn du es warst, bestätige sie bitte:',
    button: 'Adresse bestätigen',
    notAsked: 'Wenn du es nicht warst, musst du nichts tun: Die Adresse bleibt unbestätigt.',
  },
  expires: 'Der Link funktioniert einmal und läuft {when} ab.',
  worksOnce: 'Der Link funktioniert einmal.',
  linkHint: 'Falls die Schaltfläche nicht funktioniert, öffne diese Adresse im Browser:',
  footer: '{appName} hat diese E-Mail an {email} gesendet, weil die Adresse dort angegeben wurde.',
};
