import { Controller, Get } from '@nestjs/common';

/**
 * Replaces the API that InviteOnly disables. Clients may go on asking while somebody fills in the
 * sign-up form, but nobody can find out by it who has an account here.
 */
@Controller('auth')
export class EmailExistsController {
  /** The second path is the one that older clients use. */
  @Get(['emailpassword/email/exists', 'signup/email/exists'])
  exists(): { status: 'OK'; exists: boolean } {
    return { status: 'OK', exists: false };
  }
}
