import { z } from 'zod';
import { anythingSchema, checkOptions, functionSchema } from '../../core/check-options.js';
import type { NormalisedAppInfo } from '../../http/app-info.js';
import { ConfigurationError } from '../../core/auth.error.js';
import type { UserContext } from '../../http/user-context.js';
import { validateEmail, validateSignInEmail } from './field-validators.js';

/**
 * Judges the value of a form field.
 * @param value as sent; an email is trimmed and lower-cased first
 * @returns what is wrong with the value, in words for the user, or undefined
 */
export type FieldValidator = (
  value: string,
  tenantId: string,
  userContext: UserContext,
) => string | undefined | Promise<string | undefined>;

/** A field of the sign-up form. */
export interface SignUpFormField {
  /** `email` and `password` are always there; others are the application's own. */
  id: string;
  /** @default for `email` and `password` ours, for others none */
  validate?: FieldValidator;
  /** @default false; `email` and `password` cannot be optional */
  optional?: boolean;
}

/** The options of `EmailPasswordRecipe.init`. */
export interface EmailPasswordOptions {
  /** The sign-up form. */
  signUpFeature?: {
    /**
     * What sign-up asks for. A validator of `email` is used instead of ours; one of `password` decides on the length, and the
     * other `passwordRules` of `AuthModule.forRoot` hold besides.
     */
    formFields?: SignUpFormField[];
  };
  /** Links for a new password. */
  resetPasswordUsingTokenFeature?: {
    /** Sends the links for a new password instead of `EmailDelivery`; called again later when it throws. */
    createAndSendCustomEmail?(
      user: { id: string; recipeUserId: string; email: string },
      passwordResetLink: string,
      userContext: UserContext,
    ): void | Promise<void>;
  };
}

/** A form field with its validator. */
export interface FormField {
  id: string;
  validate: FieldValidator;
  optional: boolean;
  /** A new password without a validator of the application's: `PasswordRules` judges its length. */
  lengthIsByRules?: true;
}

/** The options with their defaults, as `options.config` of an API method holds them. */
export interface EmailPasswordConfig {
  signUpFormFields: FormField[];
  signInFormFields: FormField[];
  /** For asking for a password reset. */
  emailFormFields: FormField[];
  /** For choosing a new password. */
  passwordFormFields: FormField[];
  resetPasswordUsingTokenFeature: NonNullable<EmailPasswordOptions['resetPasswordUsingTokenFeature']>;
}

const formFieldSchema = z.strictObject(
  {
    id: z.string("the field's id as text").regex(/^[\w.-]{1,100}$/, 'an id of letters, digits, dots and dashes'),
    validate: functionSchema<FieldValidator>('a function that returns what is wrong, or undefined').optional(),
    optional: z.boolean('true or false').optional(),
  },
  "a field such as { id: 'name', optional: true }",
);

const emailPasswordOptionsSchema = z.strictObject(
  {
    signUpFeature: z
      .strictObject({ formFields: z.array(formFieldSchema, 'a list of fields').optional() }, '{ formFields: [ … ] }')
      .optional(),
    resetPasswordUsingTokenFeature: z
      .strictObject(
        { createAndSendCustomEmail: functionSchema('a function that sends the link').optional() },
        '{ createAndSendCustomEmail }',
      )
      .optional(),
    override: anythingSchema().optional(),
  },
  'an object',
);

/** @throws {ConfigurationError} */
export function normaliseEmailPasswordOptions(
  input: EmailPasswordOptions,
  _appInfo: NormalisedAppInfo,
): EmailPasswordConfig {
  const options = checkOptions('EmailPasswordRecipe.init', emailPasswordOptionsSchema, input) as EmailPasswordOptions;
  const fields = options.signUpFeature?.formFields ?? [];
  const twice = fields.find(({ id }, at) => fields.findIndex((other) => other.id === id) !== at);
  if (twice !== undefined) throw formFieldError(twice.id, 'is given twice. Give each id once');
  const optional = fields.find(({ id, optional }) => optional && (id === 'email' || id === 'password'));
  if (optional !== undefined) throw formFieldError(optional.id, 'cannot be optional. Remove optional');

  const emailField = fields.find(({ id }) => id === 'email') ?? { id: 'email' };
  const email = toFormField(emailField, validateEmail);
  const password = passwordField(fields.find(({ id }) => id === 'password'));
  const others = fields.filter(({ id }) => id !== 'email' && id !== 'password').map((field) => toFormField(field));
  return {
    signUpFormFields: [email, password, ...others],
    // What was allowed once must be let in even after the rules have changed.
    signInFormFields: [toFormField(emailField, validateSignInEmail), toFormField({ id: 'password' })],
    emailFormFields: [email],
    passwordFormFields: [password],
    resetPasswordUsingTokenFeature: options.resetPasswordUsingTokenFeature ?? {},
  };
}

function toFormField({ id, validate, optional = false }: SignUpFormField, fallback?: FieldValidator): FormField {
  return { id, validate: validate ?? fallback ?? (() => undefined), optional };
}

function passwordField(field: SignUpFormField = { id: 'password' }): FormField {
  return { ...toFormField(field), ...(field.validate === undefined && { lengthIsByRules: true }) };
}

function formFieldError(id: string, problem: string): ConfigurationError {
  return new ConfigurationError(`EmailPasswordRecipe.init: the field ${id} of signUpFeature.formFields ${problem}.`);
}

/** The token of the normalised options, `EmailPasswordConfig`. */
export const EMAIL_PASSWORD_CONFIG = Symbol('latchkey.email-password.config');
