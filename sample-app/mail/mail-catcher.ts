import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { SmtpOptions } from 'latchkey';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface CaughtEmail {
  id: number;
  to: string;
  subject: string;
  text: string;
  html: string;
  receivedAt: Date;
}

const KEPT = 100;
const MAX_BYTES = 1_000_000;

/**
 * A mail server of its own on a free port of this machine. It takes every email, delivers none, and keeps the newest in
 * memory for the page /inbox. Not started, it has none.
 */
@Injectable()
export class MailCatcher implements OnApplicationShutdown {
  private readonly emails: CaughtEmail[] = [];
  private nextId = 1;

  private readonly server = new SMTPServer({
    // Nothing leaves the machine.
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MAX_BYTES,
    closeTimeout: 1000,
    onData: (stream, session, done) => {
      const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
      buffer(stream)
        .then((raw) => PostalMime.parse(raw))
        .then(
          (email) => done(stream.sizeExceeded ? new Error('too large') : this.keep(to, email)),
          (error: Error) => done(error),
        );
    },
  });

  static async start(): Promise<MailCatcher> {
    const catcher = new MailCatcher();
    // A client that lets go is no reason to end.
    catcher.server.on('error', () => undefined);
    await once(catcher.server.listen(0, '127.0.0.1'), 'listening');
    return catcher;
  }

  /** How to send emails to it. */
  get smtp(): SmtpOptions {
    const { port } = this.server.server.address() as AddressInfo;
    return { host: '127.0.0.1', port, from: 'no-reply@sample.test' };
  }

  /** The newest first. */
  list(): CaughtEmail[] {
    return this.emails.toReversed();
  }

  find(id: number): CaughtEmail | undefined {
    return this.emails.find((email) => email.id === id);
  }

  async onApplicationShutdown(): Promise<void> {
    await new Promise<void>((closed) => this.server.close(closed));
  }

  private keep(to: string, { subject = '', text = '', html = '' }: Email): null {
    this.emails.push({ id: this.nextId++, to, subject, text, html, receivedAt: new Date() });
    if (this.emails.length > KEPT) this.emails.shift();
    return null;
  }
}
