import { Argon2PasswordHasher } from '../../lib/core/embedded/argon2-password-hasher.js';
import { PasswordHasher } from '../../lib/core/password-hasher.js';

/** Takes as long as the test wants, and counts how much it is asked to do at once. */
export class HeldPasswordHasher extends PasswordHasher {
  working = 0;
  mostAtOnce = 0;
  /** Whatever it was asked to hash or to verify, in that order. */
  readonly passwords: string[] = [];
  /** Whether each hash is to be replaced at the next sign-in, as imported ones are. */
  isOutdated = false;
  private readonly hasher = new Argon2PasswordHasher({ memoryCostKiB: 64, timeCost: 1, parallelism: 1 });
  private held: Promise<void> = Promise.resolve();
  private letGo: () => void = () => {};

  hold(): void {
    this.held = new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  release(): void {
    this.letGo();
  }

  async hash(password: string): Promise<string> {
    return this.count(password, () => this.hasher.hash(password));
  }

  async verify(password: string, hash: string): Promise<boolean> {
    return this.count(password, () => this.hasher.verify(password, hash));
  }

  needsRehash(hash: string): boolean {
    return this.isOutdated || this.hasher.needsRehash(hash);
  }

  private async count<T>(password: string, work: () => Promise<T>): Promise<T> {
    this.passwords.push(password);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.working);
    try {
      await this.held;
      return await work();
    } finally {
      this.working--;
    }
  }
}
