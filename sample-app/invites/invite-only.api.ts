import { Injectable } from '@nestjs/common';
import { DISABLED, EmailPasswordApi, generalError, type SignUpPOSTInput } from 'latchkey';
import { InvitesService } from './invites.service.js';

/** Only those who are on the list may sign up. */
@Injectable()
export class InviteOnly extends EmailPasswordApi {
  constructor(private readonly invites: InvitesService) {
    super();
  }

  override async signUpPOST(input: SignUpPOSTInput) {
    const email = input.formFields.find((field) => field.id === 'email')!.value;
    if (!(await this.invites.has(email))) return generalError('Ask an administrator for an invitation.');
    return super.signUpPOST(input);
  }

  /** The route is gone; users/email-exists.controller.ts answers at its path instead. */
  override emailExistsGET = DISABLED;
}
