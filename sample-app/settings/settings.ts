import { Inject, Injectable } from '@nestjs/common';
import type { ConfigType } from '@nestjs/config';
import type { CoreOptions, SmtpOptions } from 'latchkey';
import { environment } from './environment.js';
import type { OpenIDSettings } from './parsed-variables.js';

/** What can be chosen from outside: `PORT=4000 npm start`, or the same line in a file `.env`. */
@Injectable()
export class Settings {
  readonly port: number;
  /** Where this process listens. */
  readonly localURL: string;
  /**
   * Where the application is reached: several processes behind a load balancer share one `PUBLIC_URL`. Cookies, links in
   * emails, and whom tokens are for follow from it.
   */
  readonly url: string;
  /** Other origins whose pages may use the API, such as a website of its own. */
  readonly pageOrigins: string[];
  /** Whose word on a client's address counts, as `trust proxy` of Express takes it. Undefined: nobody's. */
  readonly trustedProxies: number | string[] | undefined;
  /** Where accounts and sessions are, and the application's own tables beside them. */
  readonly core: CoreOptions;
  /** What sends emails. Undefined: they end up in the inbox of this process. */
  readonly smtp: SmtpOptions | undefined;
  /** Where a person reads the emails that `smtp` took, if there is such a page. */
  readonly inboxURL: string | undefined;
  /** Whose users are let in: `local` are those of a provider in this process, which believes everybody. */
  readonly identityProvider: OpenIDSettings | 'local' | 'none';
  /** On which port of this machine the identity provider listens that stands for Google and its like. */
  readonly identityProviderPort: number;
  /** Who becomes an administrator as soon as the address is confirmed. */
  readonly administratorEmail: string;
  /** How many requests of one address are answered in a minute. */
  readonly requestsPerMinute: number;

  constructor(@Inject(environment.KEY) read: ConfigType<typeof environment>) {
    const { LATCHKEY_DATABASE: postgres, LATCHKEY_SCHEMA: schema, LATCHKEY_MIGRATIONS: migrations } = read;
    this.port = read.PORT;
    this.localURL = `http://localhost:${this.port}`;
    this.url = read.PUBLIC_URL ?? this.localURL;
    this.pageOrigins = read.PAGE_ORIGINS ?? [];
    this.trustedProxies = read.TRUSTED_PROXIES;
    this.core = {
      ...(postgres ? { postgres, ...(schema ? { schema } : {}) } : { sqlite: read.LATCHKEY_DATABASE_FILE }),
      ...(migrations ? { migrations } : {}),
    };
    this.smtp = read.SMTP_URL && { ...read.SMTP_URL, from: read.MAIL_FROM };
    this.inboxURL = read.INBOX_URL;
    this.identityProvider = read.openID ?? (read.NODE_ENV === 'production' ? 'none' : 'local');
    this.identityProviderPort = read.IDENTITY_PROVIDER_PORT ?? (this.port === 65_535 ? 65_534 : this.port + 1);
    this.administratorEmail = read.ADMIN_EMAIL.toLowerCase();
    this.requestsPerMinute = read.REQUESTS_PER_MINUTE;
  }
}
