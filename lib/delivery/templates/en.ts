import type { FrameTexts } from './email-texts.js';

export const en: FrameTexts = {
  expires: 'The link works once and expires {when}.',
  worksOnce: 'The link works once.',
  linkHint: 'If the button does not work, open this address in your browser:',
  footer: '{appName} has sent this email to {email}, since the address was given there.',
};
