import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { readLimited } from '../core/read-limited.js';
import { BREACHED_PASSWORDS_CONFIG, type BreachedPasswordsConfig } from './breached-passwords.options.js';

const PREFIX_LENGTH = 5;
/** A range has some 40 KB, with padding. */
const MAX_ANSWER_BYTES = 524_288;
/** What comes when so many wait is not asked: the service is down, or somebody floods us. */
const MAX_AT_ONCE = 50;

/**
 * Whether passwords are known from data breaches, by k-anonymity: the service learns the first five of the 40 digits of a SHA-1
 * hash, and answers with the rest of all that begin so. Another service is a subclass, given as `passwordRules.breached.client`.
 * @see https://haveibeenpwned.com/API/v3#PwnedPasswords
 */
@Injectable()
export class BreachedPasswords {
  @Inject(BREACHED_PASSWORDS_CONFIG) protected readonly breachedPasswordsConfig!: BreachedPasswordsConfig;
  private asking = 0;

  /** @throws {Error} there is no answer; `passwordRules.breached.whenUnavailable` says what happens then */
  async isBreached(password: string): Promise<boolean> {
    const hash = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
    const [prefix, suffix] = [hash.slice(0, PREFIX_LENGTH), hash.slice(PREFIX_LENGTH)];
    if (this.asking >= MAX_AT_ONCE) throw new Error(`${MAX_AT_ONCE} requests wait for an answer already`);
    this.asking++;
    try {
      return countOf(suffix, await this.fetchRange(prefix)) > 0;
    } finally {
      this.asking--;
    }
  }

  /**
   * @param prefix five hexadecimal digits
   * @returns lines such as `0018A45C4D1DEF81644B54AB7F969B88D65:3`: the other 35 digits, and how often it was found; 0 is padding
   */
  async fetchRange(prefix: string): Promise<string> {
    const { url, timeoutMs } = this.breachedPasswordsConfig;
    const response = await fetch(new URL(prefix, url), {
      // With padding the length of the answer does not tell which range was asked for.
      headers: { 'add-padding': 'true', 'user-agent': 'latchkey' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the answer has the status ${response.status}`);
    }
    return (await readLimited(response, MAX_ANSWER_BYTES)).toString('latin1');
  }
}

function countOf(suffix: string, range: string): number {
  const line = range.split('\n').find((each) => each.slice(0, suffix.length).toUpperCase() === suffix);
  return line === undefined ? 0 : Number(line.slice(suffix.length + 1));
}
