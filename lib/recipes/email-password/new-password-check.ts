import { Inject, Injectable } from '@nestjs/common';
import { AttemptLimits } from '../../attempts/attempt-limits.js';
import { EmailPasswordCore } from '../../core/email-password.core.js';
import { UsersCore } from '../../core/users.core.js';
import type { UserContext } from '../../http/user-context.js';
import type { NewPassword } from '../../passwords/new-password.js';
import { PasswordRules } from '../../passwords/password-rules.js';
import {
  EMAIL_PASSWORD_CONFIG,
  type EmailPasswordConfig,
  type FieldValidator,
  type FormField,
} from './email-password.options.js';

/** A new password, and whose it will be: of somebody who signs up, only the email is known. */
export interface PasswordOfAccount {
  password: string;
  email?: string;
  /** For a password reset. */
  token?: string;
  recipeUserId?: string;
  tenantId: string;
  userContext: UserContext;
}

type Account = Pick<NewPassword, 'email' | 'userId' | 'recipeUserId'>;

/** Tells `PasswordRules` what they need to know of an account. */
@Injectable()
export class NewPasswordCheck {
  @Inject(PasswordRules) private readonly rules!: PasswordRules;
  @Inject(EMAIL_PASSWORD_CONFIG) private readonly config!: EmailPasswordConfig;
  @Inject(EmailPasswordCore) private readonly core!: EmailPasswordCore;
  @Inject(UsersCore) private readonly users!: UsersCore;
  @Inject(AttemptLimits) private readonly attempts!: AttemptLimits;

  /** The fields of a form, with the rule that needs nothing but the password: it is told together with other fields' errors. */
  withLength(fields: FormField[]): FormField[] {
    const validate: FieldValidator = (password, tenantId, userContext) =>
      this.rules.checkLength({ password, tenantId, userContext });
    return fields.map((field) => (field.lengthIsByRules ? { ...field, validate } : field));
  }

  /** What the application's validator says, where it gave one. */
  async validate({ password, tenantId, userContext }: PasswordOfAccount): Promise<string | undefined> {
    return this.passwordField.validate(password, tenantId, userContext);
  }

  /** @returns what is wrong, in words for the user, or undefined */
  async check({ password, email, tenantId, userContext, ...whose }: PasswordOfAccount): Promise<string | undefined> {
    const account = await this.accountOf(tenantId, whose);
    const { recipeUserId } = account;
    return this.rules.check({
      password,
      ...account,
      email: email ?? account.email,
      tenantId,
      userContext,
      isOneOfLatest:
        recipeUserId === undefined
          ? undefined
          : async (historyLength) => {
              if (whose.token !== undefined) {
                // The answer tells the holder of a link whether it is the password of now, and leaving early keeps the link.
                await this.attempts.count({ action: 'formerPassword', account: recipeUserId, tenantId, userContext });
              }
              return this.core.wasPasswordUsed({ recipeUserId, password, historyLength });
            },
      hasPassedOwnValidator: !this.passwordField.lengthIsByRules,
    });
  }

  /** How many of the account's passwords are kept when it gets this one. */
  async historyLength({ password, tenantId, userContext }: PasswordOfAccount): Promise<number> {
    return (await this.rules.getRules({ password, tenantId, userContext })).historyLength;
  }

  /** Whose a token is tells the email, but is not told: a token that does not work is judged without one. */
  private async accountOf(
    tenantId: string,
    { token, recipeUserId }: Pick<PasswordOfAccount, 'token' | 'recipeUserId'>,
  ): Promise<Account> {
    if (token !== undefined) return (await this.core.findPasswordResetToken({ tenantId, token })) ?? {};
    if (recipeUserId === undefined) return {};
    const user = await this.users.getUser(recipeUserId);
    const methods = user?.loginMethods.filter((method) => method.recipeId === 'emailpassword') ?? [];
    // One that is known by another id is found where it is the only one.
    const method = methods.find((each) => each.recipeUserId === recipeUserId) ?? onlyOne(methods);
    return { email: method?.email, userId: user?.id, recipeUserId };
  }

  private get passwordField(): FormField {
    return this.config.passwordFormFields[0]!;
  }
}

function onlyOne<T>(list: T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
