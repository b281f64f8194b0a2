import { Controller, Get } from '@nestjs/common';
import { Session } from 'latchkey';

/** A route behind the guard that does nothing else. */
@Controller()
export class GuardedController {
  @Get('guarded')
  @Session()
  guarded() {
    return { guarded: true };
  }
}
