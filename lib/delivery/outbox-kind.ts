export type MessageChannel = 'email' | 'sms';

export interface MessageKind {
  channel: MessageChannel;
  kind: string;
}

const SMS_PREFIX = 'sms:';

/** How the outbox names a kind. That of an email is its own name, as rows written by version 0.1.0 have it. */
export function outboxKind({ channel, kind }: MessageKind): string {
  return channel === 'sms' ? `${SMS_PREFIX}${kind}` : kind;
}

export function parseOutboxKind(text: string): MessageKind {
  return text.startsWith(SMS_PREFIX)
    ? { channel: 'sms', kind: text.slice(SMS_PREFIX.length) }
    : { channel: 'email', kind: text };
}
