import { Injectable } from '@nestjs/common';
import {
  defineRecipe,
  SmsDelivery,
  type EmailDefinition,
  type RecipeEmail,
  type RecipeSms,
  type SmsDefinition,
  type SmsMessage,
} from 'latchkey';

/** Messages of a recipe of somebody else. */
export interface InvitationEmail extends RecipeEmail {
  invitationLink: string;
  invitedBy: string;
}

export interface InvitationSms extends RecipeSms {
  invitationCode: string;
}

declare module 'latchkey' {
  interface EmailKinds {
    invitation: InvitationEmail;
  }
  interface SmsKinds {
    invitation: InvitationSms;
  }
}

const email: EmailDefinition<'invitation'> = {
  channel: 'email',
  kind: 'invitation',
  link: 'invitationLink',
  texts: {
    en: {
      subject: 'Join {appName}',
      preheader: 'You are invited.',
      heading: 'Join us',
      intro: 'Somebody invites {email} to {appName}.',
      notAsked: 'If you do not want to, do nothing.',
    },
  },
};

const sms: SmsDefinition<'invitation'> = {
  channel: 'sms',
  kind: 'invitation',
  code: 'invitationCode',
  texts: { en: '{code} lets you join {appName}, {when}.', de: 'Mit {code} kommst du {when} zu {appName}.' },
};

class InvitationsApi {}
class InvitationsFunctions {}

/** A recipe that does nothing but send. */
export const InvitationsRecipe = defineRecipe({
  id: 'invitations',
  name: 'InvitationsRecipe',
  api: InvitationsApi,
  functions: InvitationsFunctions,
  routes: {},
  config: Symbol('invitations'),
  normalise: (options: object) => options,
  messages: [
    { definition: email, sentBy: [] },
    { definition: sms, sentBy: [] },
  ],
});

@Injectable()
export class RecordedSmsDelivery extends SmsDelivery {
  readonly sent: { sms: SmsMessage; text: string }[] = [];

  override async send(sms: SmsMessage): Promise<void> {
    this.sent.push({ sms, text: this.textOf(sms) });
  }
}
