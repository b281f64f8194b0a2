import { PasswordHasher } from '../../lib/core/password-hasher.js';

/** Counts what another hasher is asked to do. */
export class CountingPasswordHasher extends PasswordHasher {
  hashed = 0;
  readonly verifiedAgainst: string[] = [];

  constructor(private readonly hasher: PasswordHasher) {
    super();
  }

  async hash(password: string): Promise<string> {
    this.hashed++;
    return this.hasher.hash(password);
  }

  async verify(password: string, hash: string): Promise<boolean> {
    this.verifiedAgainst.push(hash);
    return this.hasher.verify(password, hash);
  }

  needsRehash(hash: string): boolean {
    return this.hasher.needsRehash(hash);
  }
}
