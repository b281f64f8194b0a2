import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedEmail extends Email {
  /** Who it was really sent to, whatever its headers say. */
  envelope: { from: string; to: string[] };
  raw: string;
}

/** What the server does to the next connections or emails instead of taking them. */
export type SmtpFault =
  | 'refuse for now'
  | 'refuse for good'
  | 'refuse the address'
  | 'refuse the recipient for now'
  | 'drop in the middle of the data'
  | 'drop at the greeting'
  | 'stall';

export interface TestSmtpServer {
  port: number;
  /** Options for `emailDelivery: { smtp }`. */
  smtp: { host: string; port: number; from: string };
  received: ReceivedEmail[];
  /** How many emails it was asked to take, those it did not take included. */
  attempts(): number;
  /** The next that come meet these, one after the other. */
  failNext(...faults: SmtpFault[]): void;
  /** @returns the newest email to the address */
  next(address: string, timeoutMs?: number): Promise<ReceivedEmail>;
  /** Lets go of everybody; the port stays free for a `restart`. */
  stop(): Promise<void>;
  /** Takes everything again, whatever `failNext` has left. */
  restart(): Promise<void>;
}

interface Refusal extends Error {
  responseCode: number;
}

function refusal(responseCode: number, message: string): Refusal {
  return Object.assign(new Error(message), { responseCode });
}

/** A real SMTP server on a free port of the loopback address. */
export async function startSmtpServer(options: SMTPServerOptions = {}, port = 0): Promise<TestSmtpServer> {
  const received: ReceivedEmail[] = [];
  const faults: SmtpFault[] = [];
  const sockets = new Map<string, Socket>();
  let attempts = 0;
  let server = create();
  await listen(port);
  const address = server.server.address() as AddressInfo;

  function create(): SMTPServer {
    const smtp = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 100,
      ...options,
      onConnect(session, done) {
        const connection = [...smtp.connections].find((each) => each.session === session || each.id === session.id);
        if (connection !== undefined) sockets.set(session.id, (connection as unknown as { _socket: Socket })._socket);
        if (faults[0] !== 'drop at the greeting') return done();
        faults.shift();
        attempts++;
        sockets.get(session.id)?.destroy();
      },
      onRcptTo(_address, _session, done) {
        if (faults[0] === 'refuse the recipient for now') {
          faults.shift();
          attempts++;
          return done(refusal(451, '4.3.0 try again later'));
        }
        if (faults[0] !== 'refuse the address') return done();
        faults.shift();
        attempts++;
        return done(refusal(550, '5.1.1 no such mailbox'));
      },
      onData(stream, session, done) {
        attempts++;
        const fault = faults.shift();
        if (fault === 'stall') return void stream.resume();
        if (fault === 'drop in the middle of the data') {
          stream.once('data', () => sockets.get(session.id)?.destroy());
          return;
        }
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (fault === 'refuse for now') return done(refusal(451, '4.7.1 greylisted'));
          if (fault === 'refuse for good') return done(refusal(554, '5.7.1 rejected by policy'));
          const raw = Buffer.concat(chunks);
          const envelope = {
            from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
            to: session.envelope.rcptTo.map((recipient) => recipient.address),
          };
          PostalMime.parse(raw).then(
            (email) => {
              received.push({ ...email, envelope, raw: raw.toString('latin1') });
              done();
            },
            (error: Error) => done(error),
          );
        });
      },
    });
    // A client that lets go is no news.
    smtp.on('error', () => undefined);
    return smtp;
  }

  async function listen(onPort: number): Promise<void> {
    server.listen(onPort, '127.0.0.1');
    await once(server.server, 'listening');
  }

  const stop = async (): Promise<void> => {
    for (const socket of sockets.values()) socket.destroy();
    sockets.clear();
    await new Promise<void>((closed) => server.close(closed));
  };

  return {
    port: address.port,
    smtp: { host: '127.0.0.1', port: address.port, from: 'Acme <no-reply@acme.test>' },
    received,
    attempts: () => attempts,
    failNext: (...next) => void faults.push(...next),
    async next(to, timeoutMs = 20_000) {
      const deadlineMs = Date.now() + timeoutMs;
      for (;;) {
        const found = received.findLast(({ envelope }) => envelope.to.includes(to));
        if (found !== undefined) return found;
        if (Date.now() > deadlineMs) throw new Error(`No email to ${to} within ${timeoutMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    stop,
    async restart() {
      faults.length = 0;
      server = create();
      await listen(address.port);
    },
  };
}

/** The one link of an email, as its text and its HTML both have it. */
export function linkOf({ text = '', html = '' }: Email): string {
  const link = /https?:\/\/\S+/.exec(text)?.[0] ?? '';
  const escaped = link.replaceAll('&', '&amp;');
  if (link === '' || !html.includes(`href="${escaped}"`)) throw new Error(`The email has no link: ${text}`);
  return link;
}
