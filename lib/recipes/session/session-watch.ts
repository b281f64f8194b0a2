import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Observable } from 'rxjs';
import { AuthError } from '../../core/auth.error.js';
import { logLine, stackLines } from '../../core/log-line.js';
import { RevocationFeed } from '../../core/revocation-feed.js';
import type { SessionContainer } from './session-container.js';
import { noSession, TryRefreshTokenError } from './session.error.js';
import { SessionFunctions } from './session.functions.js';
import { type SessionConfig, SESSION_CONFIG } from './session.options.js';

/** How long before an access token expires its client is told. */
const NOTICE_MS = 60_000;
/** More than a timer can wait would be none; it is set again. */
const LONGEST_TIMER_MS = 86_400_000;

/** What is told of a watched session. */
export interface SessionListener {
  /** Once: the access token has expired and was not renewed, or the session was ended. Nobody watches it any more. */
  end(error: AuthError): void;
  /** Once for each access token: it will expire within a minute, in milliseconds since the Unix epoch. */
  expiring?(expiresAtMs: number): void;
}

/** A session that is watched. */
export interface WatchedSession {
  /** From now on the newer access token of the session counts. */
  renew(session: SessionContainer): void;
  /** The connection is closed: nobody has to be told any more. */
  stop(): void;
}

interface Entry {
  session: SessionContainer;
  isTold: boolean;
  listener: SessionListener;
}

/**
 * Sessions of connections that stay open, such as sockets and streams: a guard saw their token once, at the beginning. One that
 * ends is told at once where the revocation feed hears of it, and one whose token expires at that moment. Besides, every
 * `openConnectionCheckSeconds` of `SessionRecipe.init`, and by `check`, the core is asked whether they still exist.
 */
@Injectable()
export class SessionWatch implements OnModuleInit, BeforeApplicationShutdown {
  @Inject(SessionFunctions) private readonly functions!: SessionFunctions;
  @Inject(SESSION_CONFIG) private readonly config!: SessionConfig;
  @Inject(RevocationFeed) private readonly feed!: RevocationFeed;
  private readonly logger = new Logger('Latchkey');
  private readonly entries = new Set<Entry>();
  private timer: NodeJS.Timeout | undefined;
  private expiryTimer: NodeJS.Timeout | undefined;
  private nextExpiryMs = Infinity;
  private checks: Promise<void> = Promise.resolve();
  private waiting = 0;

  /** @internal */
  onModuleInit(): void {
    this.feed.onEnded((sessionHandles) => this.checkEnded(sessionHandles));
  }

  /** Tells the listener when the session has ended. */
  watch(session: SessionContainer, listener: SessionListener): WatchedSession {
    const entry: Entry = { session, isTold: false, listener };
    this.entries.add(entry);
    this.timer ??= setInterval(() => this.checkUnlessBusy(), this.config.openConnectionCheckSeconds * 1000).unref();
    this.awaitExpiry(session);
    return {
      renew: (renewed) => {
        Object.assign(entry, { session: renewed, isTold: false });
        this.awaitExpiry(renewed);
      },
      stop: () => this.forget(entry),
    };
  }

  /**
   * For streams of server-sent events, of gRPC and the like: `source.pipe(takeUntil(watch.ended(session)))` ends them with
   * their session.
   * @returns emits why, once
   */
  ended(session: SessionContainer): Observable<AuthError> {
    return new Observable((subscriber) => {
      const watched = this.watch(session, {
        end: (error) => {
          subscriber.next(error);
          subscriber.complete();
        },
      });
      return () => watched.stop();
    });
  }

  /** Looks at all of them now, such as after an administrator has revoked sessions. */
  async check(): Promise<void> {
    this.waiting++;
    this.checks = this.checks.then(() => this.look()).finally(() => this.waiting--);
    await this.checks;
  }

  /** Nobody is told any more. */
  beforeApplicationShutdown(): void {
    this.entries.clear();
    this.stopTimers();
  }

  private checkEnded(sessionHandles: readonly string[]): void {
    if (this.entries.size === 0) return;
    const ended = new Set(sessionHandles);
    // Not behind a check of all of them, which may take its time.
    void this.look(({ session }) => ended.has(session.getHandle()));
  }

  /** One timer for all: that of the token that expires first. */
  private awaitExpiry(session: SessionContainer): void {
    const expiresAtMs = session.getAccessTokenExpiry();
    if (expiresAtMs >= this.nextExpiryMs) return;
    clearTimeout(this.expiryTimer);
    this.nextExpiryMs = expiresAtMs;
    // A timer may go off a little before the clock says so.
    const waitMs = Math.min(Math.max(expiresAtMs - Date.now(), 0) + 5, LONGEST_TIMER_MS);
    this.expiryTimer = setTimeout(() => void this.checkExpired(), waitMs).unref();
  }

  private async checkExpired(): Promise<void> {
    await this.look(({ session }) => session.getAccessTokenExpiry() <= Date.now());
    this.nextExpiryMs = Infinity;
    for (const { session } of this.entries) this.awaitExpiry(session);
  }

  private checkUnlessBusy(): void {
    if (this.waiting === 0) void this.check();
  }

  private async look(isDue: (entry: Entry) => boolean = () => true): Promise<void> {
    const verdicts = new Map<string, AuthError | undefined>();
    for (const entry of this.entries) {
      if (!isDue(entry)) continue;
      const token = entry.session.getAccessToken();
      // The tabs of a browser have one session.
      if (!verdicts.has(token)) verdicts.set(token, await this.judge(entry.session));
      // It may have got a newer token, or be closed, while the core was asked.
      if (!this.entries.has(entry) || entry.session.getAccessToken() !== token) continue;
      const verdict = verdicts.get(token);
      if (verdict !== undefined) this.end(entry, verdict);
      else this.tellOfExpiry(entry);
    }
  }

  /** @returns why the session is over */
  private async judge(session: SessionContainer): Promise<AuthError | undefined> {
    if (session.getAccessTokenExpiry() <= Date.now()) return new TryRefreshTokenError('The access token has expired');
    try {
      const found = await this.functions.getSession({
        accessToken: session.getAccessToken(),
        options: { sessionRequired: true, checkDatabase: true, antiCsrfCheck: false },
        userContext: {},
      });
      return found ? undefined : noSession();
    } catch (error) {
      if (error instanceof AuthError && (error.code === 'UNAUTHORISED' || error.code === 'TRY_REFRESH_TOKEN')) {
        return error;
      }
      // A database that is down ends nothing: the next check asks again.
      this.logger.warn(logLine(`A session of an open connection could not be checked: ${String(error)}`));
      return undefined;
    }
  }

  private tellOfExpiry(entry: Entry): void {
    const expiresAtMs = entry.session.getAccessTokenExpiry();
    if (entry.isTold || expiresAtMs - Date.now() > NOTICE_MS) return;
    entry.isTold = true;
    this.tell(() => entry.listener.expiring?.(expiresAtMs));
  }

  private end(entry: Entry, error: AuthError): void {
    this.forget(entry);
    this.tell(() => entry.listener.end(error));
  }

  /** What one listener throws must not keep the others from being told. */
  private tell(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.logger.error(logLine(`Ending a connection failed: ${String(error)}`), stackLines(error));
    }
  }

  private forget(entry: Entry): void {
    this.entries.delete(entry);
    if (this.entries.size === 0) this.stopTimers();
  }

  private stopTimers(): void {
    clearInterval(this.timer);
    clearTimeout(this.expiryTimer);
    this.timer = undefined;
    this.nextExpiryMs = Infinity;
  }
}
