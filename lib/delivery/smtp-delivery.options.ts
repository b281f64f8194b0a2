import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { anythingSchema, checkOptions, functionSchema, onFirstUse } from '../core/check-options.js';
import type { SmtpDelivery } from './smtp-delivery.js';
import type { SmtpFactory, SmtpOptions } from './smtp.options.js';
import { templateShape, type EmailTemplateOptions } from './templates/email-template.options.js';

/** `AuthModule.forRoot({ emailDelivery })` for emails by SMTP. */
export interface SmtpDeliveryOptions extends EmailTemplateOptions {
  /** The server, or what injects to tell it. */
  smtp: SmtpOptions | SmtpFactory;
  /** To change words, looks or headers. @default SmtpEmailDelivery */
  useClass?: Type<SmtpDelivery>;
}

const deliverySchema = onFirstUse(() =>
  z.strictObject(
    {
      smtp: anythingSchema(),
      useClass: functionSchema('a class that extends SmtpEmailDelivery').optional(),
      ...templateShape(),
    },
    '{ smtp: { host, port, auth, from } }',
  ),
);

/** @throws {ConfigurationError} */
export function checkSmtpDeliveryOptions(options: SmtpDeliveryOptions): void {
  // Apart from the rest: its password may not be shown.
  checkOptions('AuthModule emailDelivery', deliverySchema(), { ...options, smtp: undefined });
}
