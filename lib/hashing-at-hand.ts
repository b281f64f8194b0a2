import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Argon2PasswordHasher } from './core/embedded/argon2-password-hasher.js';
import type { PasswordHasher } from './core/password-hasher.js';

/**
 * Loads what hashes passwords once the application has started, so that the first sign-in does not wait for files. In a
 * serverless function, which may be started for requests that hash nothing, it is loaded by the first that does.
 */
export class HashingAtHand implements OnApplicationBootstrap, OnApplicationShutdown {
  private next: NodeJS.Immediate | undefined;
  private loading: Promise<void> | undefined;

  /** @param hasher undefined where no password will be hashed soon */
  constructor(private readonly hasher: PasswordHasher | undefined) {}

  onApplicationBootstrap(): void {
    const { hasher } = this;
    if (!(hasher instanceof Argon2PasswordHasher)) return;
    // A failure is told to the first request that needs it.
    this.next = setImmediate(() => (this.loading = hasher.load().catch(() => undefined)));
  }

  async onApplicationShutdown(): Promise<void> {
    clearImmediate(this.next);
    await this.loading;
  }
}
