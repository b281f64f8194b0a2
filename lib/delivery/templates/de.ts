import type { FrameTexts } from './email-texts.js';

export const de: FrameTexts = {
  expires: 'Der Link funktioniert einmal und läuft {when} ab.',
  worksOnce: 'Der Link funktioniert einmal.',
  linkHint: 'Falls die Schaltfläche nicht funktioniert, öffne diese Adresse im Browser:',
  footer: '{appName} hat diese E-Mail an {email} gesendet, weil die Adresse dort angegeben wurde.',
};
