import { Inject, Injectable, Logger } from '@nestjs/common';
import { AUTH_CONFIG, type AuthConfig } from '../http/auth-config.js';
import { logLine } from '../core/log-line.js';
import { BreachedPasswords } from './breached-passwords.js';
import { isCommonPassword } from './common-passwords.js';
import type { NewPassword, PasswordFault } from './new-password.js';
import { PASSWORD_RULES_CONFIG, type PasswordRulesConfig } from './password-rules.options.js';
import { holdsEmail, holdsWord } from './personal-words.js';

const WARNING_PAUSE_MS = 60_000;

/**
 * What new passwords must be, at sign-up, in a reset and in a change. Override any of it by a subclass, for one tenant for
 * instance:
 *
 * ```ts
 * @Injectable()
 * class Rules extends PasswordRules {
 *   override async getRules(input: NewPassword) {
 *     const rules = await super.getRules(input);
 *     return input.tenantId === 'bank' ? { ...rules, minLength: 15 } : rules;
 *   }
 * }
 * ```
 *
 * It is asked before anybody looks whether there is such an account. Sign-ins are not judged.
 */
@Injectable()
export class PasswordRules {
  @Inject(PASSWORD_RULES_CONFIG) protected readonly passwordRulesConfig!: PasswordRulesConfig;
  @Inject(AUTH_CONFIG) protected readonly authConfig!: AuthConfig;
  @Inject(BreachedPasswords) protected readonly breachedPasswords!: BreachedPasswords;
  private hasWarnedAtMs = Number.NEGATIVE_INFINITY;

  /** The rules as the options give them. */
  async getRules(_input: NewPassword): Promise<PasswordRulesConfig> {
    return this.passwordRulesConfig;
  }

  /** @returns what is wrong, in words for the user, or undefined */
  async check(input: NewPassword): Promise<string | undefined> {
    const fault = await this.findFault(input);
    return fault === undefined ? undefined : this.getMessage(fault, input);
  }

  /**
   * Of all rules the one that is told together with what is wrong with other fields of the form.
   * @returns what is wrong, in words for the user, or undefined
   */
  async checkLength(input: NewPassword): Promise<string | undefined> {
    const fault = lengthFault(input, await this.getRules(input));
    return fault === undefined ? undefined : this.getMessage(fault, input);
  }

  /** Looks for the first thing that is wrong, beginning with what costs least to find. */
  async findFault(input: NewPassword): Promise<PasswordFault | undefined> {
    const rules = await this.getRules(input);
    const fault = lengthFault(input, rules) ?? (rules.refusePersonal ? this.findPersonalWord(input) : undefined);
    if (fault !== undefined) return fault;
    if (rules.refuseCommon && (await isCommonPassword(input.password))) return 'COMMON';
    if (rules.historyLength > 0 && (await input.isOneOfLatest?.(rules.historyLength))) return 'USED_BEFORE';
    return rules.breached === false ? undefined : this.findBreach(input.password, rules.breached.whenUnavailable);
  }

  /** The words for the user, which finished clients show beside the field. */
  async getMessage(fault: PasswordFault, input: NewPassword): Promise<string> {
    const { minLength, maxLength } = await this.getRules(input);
    switch (fault) {
      case 'TOO_SHORT':
        // Finished clients translate this very text.
        if (minLength === 8) return 'Password must contain at least 8 characters, including a number';
        return `Password must contain at least ${minLength} characters`;
      case 'TOO_LONG':
        return `Password's length must be lesser than ${maxLength + 1} characters`;
      case 'HOLDS_EMAIL':
        return 'Password must not contain your email address';
      case 'HOLDS_APP_NAME':
        return `Password must not contain the name ${this.authConfig.appInfo.appName}`;
      case 'COMMON':
        return 'This password is too common. Please choose another one';
      case 'USED_BEFORE':
        return 'You have used this password before. Please choose another one';
      case 'BREACHED':
        return 'This password is known from a data breach elsewhere. Please choose another one';
      case 'BREACHES_UNKNOWN':
        return 'This password could not be checked. Please try again in a minute';
    }
  }

  private async findBreach(password: string, whenUnavailable: 'accept' | 'refuse'): Promise<PasswordFault | undefined> {
    try {
      return (await this.breachedPasswords.isBreached(password)) ? 'BREACHED' : undefined;
    } catch (error) {
      const outcome = whenUnavailable === 'accept' ? 'accepted' : 'refused';
      this.warnOfBreaches(`${reasonOf(error)}. They are ${outcome} meanwhile`, password);
      return whenUnavailable === 'refuse' ? 'BREACHES_UNKNOWN' : undefined;
    }
  }

  /** Once a minute: a flood must not fill the log. */
  private warnOfBreaches(reason: string, password: string): void {
    if (performance.now() < this.hasWarnedAtMs + WARNING_PAUSE_MS) return;
    this.hasWarnedAtMs = performance.now();
    new Logger('Latchkey').warn(logLine(`New passwords are not compared with data breaches: ${reason}`, [password]));
  }

  private findPersonalWord({ password, email }: NewPassword): PasswordFault | undefined {
    if (email !== undefined && holdsEmail(password, email)) return 'HOLDS_EMAIL';
    return holdsWord(password, this.authConfig.appInfo.appName) ? 'HOLDS_APP_NAME' : undefined;
  }
}

/** Of what will be hashed: the normal form NFC, by code points (NIST SP 800-63B-4 §3.1.1.2). */
function lengthFault(
  { password, hasPassedOwnValidator }: NewPassword,
  { minLength, maxLength }: PasswordRulesConfig,
): PasswordFault | undefined {
  if (hasPassedOwnValidator) return undefined;
  const length = Array.from(password.normalize('NFC')).length;
  if (length < minLength) return 'TOO_SHORT';
  return length > maxLength ? 'TOO_LONG' : undefined;
}

/** What `fetch` throws says little itself. */
function reasonOf(error: unknown): string {
  const { message, cause } = (error ?? {}) as { message?: unknown; cause?: { message?: unknown } };
  return cause?.message === undefined ? String(message) : `${message}, ${cause.message}`;
}
