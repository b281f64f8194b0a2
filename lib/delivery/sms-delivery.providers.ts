import type { Provider, Type } from '@nestjs/common';
import { type ProviderOverride, serviceProvider } from '../override/override.js';
import { LogSmsDelivery } from './log-sms-delivery.js';
import { SmsDelivery } from './sms-delivery.js';
import { SmsQueue } from './sms-queue.js';
import { UnconfiguredSmsDelivery } from './unconfigured-delivery.js';

/**
 * How text messages leave: by a class or a provider of the application, or, for development, not at all: `'log'` writes
 * them to Nest's log.
 */
export type SmsDeliveryOption = 'log' | Type<SmsDelivery> | ProviderOverride<SmsDelivery>;

/** @throws {ConfigurationError} */
export function smsDeliveryProviders(option: SmsDeliveryOption | undefined): Provider[] {
  const replacement = option === 'log' ? LogSmsDelivery : option;
  return [
    serviceProvider<SmsDelivery>(SmsDelivery, UnconfiguredSmsDelivery, replacement, 'AuthModule smsDelivery'),
    SmsQueue,
  ];
}
