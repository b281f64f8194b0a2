import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { SkipThrottle } from '@nestjs/throttler';
import { LatchkeyHealthIndicator } from 'latchkey';

const MAX_OUTBOX_AGE_SECONDS = 600;

@Controller('health')
@SkipThrottle({ everything: true, 'sign-in': true })
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly latchkey: LatchkeyHealthIndicator,
  ) {}

  /** For what restarts a process, or sends it no requests. */
  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.latchkey.check('latchkey', { maxOutboxAgeSeconds: MAX_OUTBOX_AGE_SECONDS })]);
  }
}
