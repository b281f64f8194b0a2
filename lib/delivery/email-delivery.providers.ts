import type { Provider, Type } from '@nestjs/common';
import { type ProviderOverride, serviceProvider } from '../override/override.js';
import { EmailDelivery } from './email-delivery.js';
import { EmailQueue } from './email-queue.js';
import { LateEmailQueue } from './late-email-queue.js';
import { LogEmailDelivery } from './log-email-delivery.js';
import { checkSmtpDeliveryOptions, type SmtpDeliveryOptions } from './smtp-delivery.options.js';
import { EMAIL_TEMPLATES, SMTP_OPTIONS, type SmtpDelivery } from './smtp-delivery.js';
import { resolveSmtpOptions, type SmtpFactory } from './smtp.options.js';
import { UnconfiguredEmailDelivery } from './unconfigured-delivery.js';

/**
 * How emails leave: by SMTP, by a class or a provider of the application, or, for development, not at all: `'log'` writes
 * their links and codes to Nest's log.
 */
export type EmailDeliveryOption = 'log' | SmtpDeliveryOptions | Type<EmailDelivery> | ProviderOverride<EmailDelivery>;

const OPTION = 'AuthModule emailDelivery';
const queues = [EmailQueue, LateEmailQueue];

/**
 * @param Smtp what sends by SMTP where the option names no class
 * @throws {ConfigurationError}
 */
export function emailDeliveryProviders(option: EmailDeliveryOption | undefined, Smtp: Type<SmtpDelivery>): Provider[] {
  if (!isSmtp(option)) {
    const replacement = option === 'log' ? LogEmailDelivery : option;
    return [serviceProvider<EmailDelivery>(EmailDelivery, UnconfiguredEmailDelivery, replacement, OPTION), ...queues];
  }
  checkSmtpDeliveryOptions(option);
  const { smtp, useClass, ...templates } = option;
  return [
    smtpProvider(smtp),
    { provide: EMAIL_TEMPLATES, useValue: templates },
    serviceProvider<EmailDelivery>(EmailDelivery, Smtp, smtpClass(useClass, Smtp), OPTION),
    ...queues,
  ];
}

function isSmtp(option: EmailDeliveryOption | undefined): option is SmtpDeliveryOptions {
  return typeof option === 'object' && option !== null && 'smtp' in option;
}

function smtpProvider(smtp: SmtpDeliveryOptions['smtp']): Provider {
  if (typeof (smtp as SmtpFactory | undefined)?.useFactory === 'function') {
    const { useFactory, inject = [] } = smtp as SmtpFactory;
    return { provide: SMTP_OPTIONS, useFactory, inject };
  }
  resolveSmtpOptions(smtp as never);
  return { provide: SMTP_OPTIONS, useValue: smtp };
}

/** Checked here: against `EmailDelivery` alone, one that never reads the server would pass. */
function smtpClass(
  useClass: Type<SmtpDelivery> | undefined,
  Smtp: Type<SmtpDelivery>,
): Type<EmailDelivery> | undefined {
  if (useClass === undefined) return undefined;
  serviceProvider(Smtp, Smtp, useClass, `${OPTION}.useClass`);
  return useClass;
}
