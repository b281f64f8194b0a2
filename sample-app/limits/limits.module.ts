import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { isAuthRoute } from 'latchkey';
import { Settings } from '../settings/settings.js';

const MINUTE_MS = 60_000;

/**
 * How many requests of one address are answered in a minute: the application's routes and Latchkey's, and fewer sign-ins. Guessing at
 * one account is limited by Latchkey itself, on every replica.
 */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [Settings],
      useFactory: ({ requestsPerMinute }: Settings) => [
        { name: 'everything', ttl: MINUTE_MS, limit: requestsPerMinute },
        {
          name: 'sign-in',
          ttl: MINUTE_MS,
          limit: Math.ceil(requestsPerMinute / 10),
          skipIf: (context) => !isAuthRoute(context) || context.getHandler().name !== 'signInPOST',
        },
      ],
    }),
  ],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class LimitsModule {}
