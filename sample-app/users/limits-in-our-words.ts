import { Injectable } from '@nestjs/common';
import { AttemptLimits, type RefusedAttempt } from 'latchkey';

/** What people read who have typed a wrong password too often: the page shows the message as it is. */
@Injectable()
export class LimitsInOurWords extends AttemptLimits {
  override async getMessage(refused: RefusedAttempt): Promise<string> {
    if (refused.action !== 'signIn') return super.getMessage(refused);
    const minutes = Math.ceil(refused.retryAfterSeconds / 60);
    const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
    return `That was one wrong password too many. Wait ${wait}, or choose a new password by “Forgot the password?”.`;
  }
}
