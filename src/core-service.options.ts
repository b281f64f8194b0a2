import type { LogLevel, Type } from '@nestjs/common';
import type { CorePart } from '../lib/core/parts/core-part.js';
import type { EmbeddedDatabaseOptions } from '../lib/core/embedded/storage/database.options.js';
import type { EngineOptions } from '../lib/core/engine-options.js';
import type { PasswordHasher } from '../lib/core/password-hasher.js';

/** From few words to many. */
export const logLevels = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] as const satisfies LogLevel[];
export type ServiceLogLevel = (typeof logLevels)[number];

/** What the service is made of; where it listens is the caller's business. */
export interface CoreServiceOptions {
  /** Where the data of all apps is. */
  database: EmbeddedDatabaseOptions;
  /** Of every app, unless its own configuration says otherwise. */
  engine?: EngineOptions;
  /** Without any, only programs of this machine are served: no browsers, and nobody through a proxy. */
  apiKeys?: string[];
  /** How many requests of each API key a process serves in a second; twice as many at once. @default 0, no limit */
  requestsPerSecond?: number;
  /**
   * How many attempts to sign in to one account may fail in ten minutes, and at least 100 in a row; a driver of Latchkey's own
   * counts by itself instead. 0 for no limit. @default 10
   */
  signInAttempts?: number;
  /** How many apps beside the public one are open at a time; the others are opened when they are asked for. @default 100 */
  openApps?: number;
  /** @default 'log': one line for each request, and what goes wrong */
  logLevel?: ServiceLogLevel | 'off';
  /** How long a client may take to send the head of a request, in milliseconds. @default 10000 */
  headersTimeoutMs?: number;
  /** The same for the whole request. @default 30000 */
  requestTimeoutMs?: number;
  /** What recipes from elsewhere add to the core. @default none */
  parts?: readonly CorePart[];
  /** Their controllers, behind the same guard and filter as ours. @default none */
  controllers?: readonly Type[];
  /** Where these options were read from. */
  configFile?: string;
  /** @default argon2id with the parameters of `engine.passwordHashing` */
  passwordHasher?: PasswordHasher;
  /** Milliseconds since the Unix epoch; tests move it. @default Date.now */
  clock?: () => number;
}

/** Under which the options are injected. */
export const CORE_SERVICE_OPTIONS = Symbol('core service options');
