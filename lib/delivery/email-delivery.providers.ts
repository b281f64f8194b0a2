import type { Provider, Type } from '@nestjs/common';
import { type ProviderOverride, serviceProvider } from '../override/override.js';
import { EmailDelivery } from './email-delivery.js';
import { EmailQueue } from './email-queue.js';
import { LogEmailDelivery } from './log-email-delivery.js';
import { checkSmtpDeliveryOptions, type SmtpDeliveryOptions } from './smtp-delivery.options.js';
import { resolveSmtpOptions, type SmtpFactory } from './smtp.options.js';
import { EMAIL_TEMPLATES, SMTP_OPTIONS, SmtpEmailDelivery } from './smtp-email-delivery.js';

/** How emails leave: by SMTP, or by a class or a provider of the application. */
export type EmailDeliveryOption = SmtpDeliveryOptions | Type<EmailDelivery> | ProviderOverride<EmailDelivery>;

const OPTION = 'AuthModule emailDelivery';

/** @throws {ConfigurationError} */
export function emailDeliveryProviders(option: EmailDeliveryOption | undefined): Provider[] {
  if (!isSmtp(option)) return [serviceProvider(EmailDelivery, LogEmailDelivery, option, OPTION), EmailQueue];
  checkSmtpDeliveryOptions(option);
  const { smtp, useClass, ...templates } = option;
  return [
    smtpProvider(smtp),
    { provide: EMAIL_TEMPLATES, useValue: templates },
    serviceProvider<EmailDelivery>(EmailDelivery, SmtpEmailDelivery, smtpClass(useClass), OPTION),
    EmailQueue,
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
function smtpClass(useClass: Type<SmtpEmailDelivery> | undefined): Type<EmailDelivery> | undefined {
  if (useClass === undefined) return undefined;
  serviceProvider(SmtpEmailDelivery, SmtpEmailDelivery, useClass, `${OPTION}.useClass`);
  return useClass;
}
