import { Inject, Injectable } from '@nestjs/common';
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
import { fieldValue, type FieldErrorResponse, type FormFieldValue } from './form-fields.js';

interface SentForm {
  formFields: FormFieldValue[];
  tenantId: string;
  userContext: UserContext;
}

interface ChangedPassword {
  password: string;
  recipeUserId: string;
  /** Where it changes too. */
  email: string | undefined;
  tenantId: string;
  userContext: UserContext;
}

/** Every way to a new password: each asks the application's validator, where it gave one, and `PasswordRules`. */
@Injectable()
export class NewPasswordCheck {
  @Inject(PasswordRules) private readonly rules!: PasswordRules;
  @Inject(EMAIL_PASSWORD_CONFIG) private readonly config!: EmailPasswordConfig;
  @Inject(EmailPasswordCore) private readonly core!: EmailPasswordCore;
  @Inject(UsersCore) private readonly users!: UsersCore;

  /** The fields of a form, with the rule that needs nothing but the password: it is told together with other fields' errors. */
  withLength(fields: FormField[]): FormField[] {
    const validate: FieldValidator = (password, tenantId, userContext) =>
      this.rules.checkLength({ password, tenantId, userContext });
    return fields.map((field) => (field.lengthIsByRules ? { ...field, validate } : field));
  }

  /** Says the same whether or not somebody has the email. */
  async ofSignUp(form: SentForm): Promise<FieldErrorResponse | undefined> {
    return this.ofForm(form, { email: fieldValue(form.formFields, 'email') });
  }

  /** Whose the token is tells the email, but is not told: a token that does not work is judged without one. */
  async ofReset(form: SentForm & { token: string }): Promise<FieldErrorResponse | undefined> {
    return this.ofForm(form, (await this.core.findPasswordResetToken(form)) ?? {});
  }

  /** @returns what is wrong, in words for the user, or undefined */
  async ofChange(input: ChangedPassword): Promise<string | undefined> {
    const { password, recipeUserId, tenantId, userContext } = input;
    const ofValidator = await this.passwordField.validate(password, tenantId, userContext);
    if (ofValidator !== undefined) return ofValidator;
    const user = await this.users.getUser(recipeUserId);
    const method = user?.loginMethods.find((each) => each.recipeUserId === recipeUserId);
    const email = input.email ?? method?.email;
    return this.check({ password, email, tenantId, userId: user?.id, recipeUserId, userContext });
  }

  /** How many of the account's passwords are kept when it gets this one. */
  async historyLength(input: NewPassword): Promise<number> {
    return (await this.rules.getRules(input)).historyLength;
  }

  private async ofForm(
    { formFields, tenantId, userContext }: SentForm,
    account: Pick<NewPassword, 'email' | 'userId' | 'recipeUserId'>,
  ): Promise<FieldErrorResponse | undefined> {
    const password = fieldValue(formFields, 'password');
    const error = await this.check({ password, ...account, tenantId, userContext });
    return error === undefined ? undefined : { status: 'FIELD_ERROR', formFields: [{ id: 'password', error }] };
  }

  private check(input: NewPassword): Promise<string | undefined> {
    const { recipeUserId, password } = input;
    const isOneOfLatest =
      recipeUserId === undefined
        ? undefined
        : (historyLength: number) => this.core.wasPasswordUsed({ recipeUserId, password, historyLength });
    return this.rules.check({
      ...input,
      isOneOfLatest,
      hasPassedOwnValidator: !this.passwordField.lengthIsByRules,
    });
  }

  private get passwordField(): FormField {
    return this.config.passwordFormFields[0]!;
  }
}
