import { Inject, Injectable } from '@nestjs/common';
import { AUTH_CONFIG, type AuthConfig } from '../http/auth-config.js';
import { getRequestFromUserContext, type UserContext } from '../http/user-context.js';
import { acceptedLanguages } from './accept-language.js';

/** What every kind of email has. */
export interface RecipeEmail {
  user: { id: string; recipeUserId: string; email: string };
  tenantId: string;
  /** The language of the user, such as `de` or `pt-BR`, where it is known. @see EmailDelivery.resolveLocale */
  locale?: string;
  /** Milliseconds since the Unix epoch: when the link stops working, where the core tells. */
  expiresAtMs?: number;
  /** One for all attempts at one email, without the brackets and the domain: by it duplicates are recognised. */
  messageId?: string;
  /** That of the call at the first attempt of the process that made it; an empty one at later attempts. */
  userContext: UserContext;
}

export interface PasswordResetEmail extends RecipeEmail {
  /** Works once. Whoever has it can take the account over: never log it in production. */
  passwordResetLink: string;
}

export interface EmailVerificationEmail extends RecipeEmail {
  /** Works once. Whoever has it can prove to be the owner of the address: never log it in production. */
  emailVerifyLink: string;
}

/** The kinds of emails. */
export interface EmailsByKind {
  passwordReset: PasswordResetEmail;
  emailVerification: EmailVerificationEmail;
}

export type EmailKind = keyof EmailsByKind;

/** An email that is not tried again. */
export type GivenUpEmail = {
  [Kind in EmailKind]: { kind: Kind; email: EmailsByKind[Kind]; error: unknown; attempts: number };
}[EmailKind];

/** Thrown by a delivery: another attempt at this email would end the same. */
export class UndeliverableEmailError extends Error {
  override readonly name = 'UndeliverableEmailError';
}

/**
 * Sends the recipes' emails, one method for each kind. An application gives its own by
 * `AuthModule.forRoot({ emailDelivery: { useClass: … } })`.
 *
 * A method that throws is called again later, unless it throws an `UndeliverableEmailError`; it may also be called
 * again where the process died before it could note that the email was sent.
 */
@Injectable()
export abstract class EmailDelivery {
  @Inject(AUTH_CONFIG) protected readonly authConfig!: AuthConfig;

  abstract sendPasswordReset(email: PasswordResetEmail): Promise<void>;
  abstract sendEmailVerification(email: EmailVerificationEmail): Promise<void>;

  /**
   * The language to write to a user in; asked while the request is there.
   * @returns a language tag such as `de`; by default the one that the browser asks for first
   */
  async resolveLocale({ userContext }: Omit<RecipeEmail, 'locale'>): Promise<string | undefined> {
    const request = getRequestFromUserContext(userContext);
    return acceptedLanguages(request?.getHeaderValue('accept-language'))[0];
  }

  /** Called once an email is given up: the user waits for it in vain. It is in the log already. */
  async onGivenUp(_email: GivenUpEmail): Promise<void> {}

  /** After the last email, when the application stops. */
  async close(): Promise<void> {}
}
