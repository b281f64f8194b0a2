import type { EmailDefinition, RecipeEmail } from 'latchkey';

/** To anyone who gave a contact address with the badge. */
export interface BadgeIssuedEmail extends RecipeEmail {
  colour: string;
}

declare module 'latchkey' {
  interface EmailKinds {
    badgeIssued: BadgeIssuedEmail;
  }
}

export const badgeIssuedEmail: EmailDefinition<'badgeIssued'> = {
  channel: 'email',
  kind: 'badgeIssued',
  texts: {
    en: {
      subject: 'Your badge for {appName}',
      preheader: 'It opens the door from now on.',
      heading: 'Welcome',
      intro: 'A badge was issued for {email}.',
      notAsked: 'If you did not expect it, tell us.',
    },
  },
};
