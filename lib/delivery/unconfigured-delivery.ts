import { Injectable } from '@nestjs/common';
import { ConfigurationError } from '../core/auth.error.js';
import { isLoopbackHost } from '../core/loopback.js';
import { LogEmailDelivery } from './log-email-delivery.js';
import { LogSmsDelivery } from './log-sms-delivery.js';
import type { EmailMessage, SmsMessage } from './message-kinds.js';

/** What to say of a channel for which no delivery was given. */
export const CHANNELS = {
  email: {
    option: 'emailDelivery',
    messages: 'emails',
    fix: '{ emailDelivery: { smtp: { host, port, auth, from } } }), or { useClass: … } with a class that extends EmailDelivery',
  },
  sms: {
    option: 'smsDelivery',
    messages: 'text messages',
    fix: '{ smsDelivery: { useClass: … } }) with a class that extends SmsDelivery',
  },
} as const;

export type Channel = keyof typeof CHANNELS;

/** Reached by nobody else, so that only those read the log who have the link anyway. RFC 6761 §6.3: `*.localhost` too. */
export function isOnThisMachine(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && (isLoopbackHost(hostname) || hostname.endsWith('.localhost'));
}

/** Why nothing is sent, with the fix; what can be written to the log instead depends on `apiDomain`. */
export function notSent(channel: Channel, apiDomain: string): string {
  const { option, messages, fix } = CHANNELS[channel];
  const log = apiDomain.startsWith('https:') ? '' : `, or ${option}: 'log' while you develop`;
  return (
    `No ${option} is given, and appInfo.apiDomain is ${apiDomain}, so ${messages} are not sent, and their links and codes ` +
    `are not written to the log. Give AuthModule.forRoot(${fix}${log}.`
  );
}

/** Without `emailDelivery`: writes to the log where only this machine reads it, and refuses everywhere else. */
@Injectable()
export class UnconfiguredEmailDelivery extends LogEmailDelivery {
  override async send(email: EmailMessage): Promise<void> {
    this.assertConfigured();
    await super.send(email);
  }

  /** @throws {ConfigurationError} */
  assertConfigured(): void {
    assertOnThisMachine('email', this.authConfig.appInfo.apiDomain);
  }
}

/** The same without `smsDelivery`. */
@Injectable()
export class UnconfiguredSmsDelivery extends LogSmsDelivery {
  override async send(sms: SmsMessage): Promise<void> {
    this.assertConfigured();
    await super.send(sms);
  }

  /** @throws {ConfigurationError} */
  assertConfigured(): void {
    assertOnThisMachine('sms', this.authConfig.appInfo.apiDomain);
  }
}

function assertOnThisMachine(channel: Channel, apiDomain: string): void {
  if (!isOnThisMachine(apiDomain)) throw new ConfigurationError(notSent(channel, apiDomain));
}
