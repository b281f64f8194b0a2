import { Injectable } from '@nestjs/common';
import { EmailVerificationFunctions, type VerifyEmailUsingTokenInput } from 'latchkey';
import { FirstAdministrator } from './first-administrator.js';

/** Appoints the first administrator as soon as the address of ADMIN_EMAIL is confirmed. */
@Injectable()
export class AdministratorOnVerification extends EmailVerificationFunctions {
  constructor(private readonly firstAdministrator: FirstAdministrator) {
    super();
  }

  override async verifyEmailUsingToken(input: VerifyEmailUsingTokenInput) {
    const result = await super.verifyEmailUsingToken(input);
    if (result.status === 'OK') await this.firstAdministrator.appoint(result.user.email);
    return result;
  }
}
