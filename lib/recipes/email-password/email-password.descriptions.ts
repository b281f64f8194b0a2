import type { RouteDescription } from '../../http/route-description.js';
import { flag, listOf, members, statusAnswer, text, type RouteSchema } from '../../http/route-schema.js';
import { userSchema } from '../user-schema.js';
import { MAX_FIELDS, MAX_VALUE_LENGTH } from './form-fields.js';
import type { EmailPasswordConfig, FormField } from './email-password.options.js';

type Describe = (config: EmailPasswordConfig) => RouteDescription;

const EXAMPLES: Record<string, string> = { email: 'ann@example.com', password: 'correct-horse-1' };

const FIELD_ERROR = statusAnswer('FIELD_ERROR', {
  formFields: listOf(members({ id: text(), error: text('To be shown beside the field') })),
});

const SIGNED_IN = statusAnswer('OK', { user: userSchema });

export const describeEmailExists: RouteDescription = {
  summary: 'Whether somebody has an account with this email',
  query: { email: { description: 'In any case', example: EXAMPLES.email } },
  answers: { 200: [statusAnswer('OK', { exists: flag })] },
};

export const describeSignUp: Describe = ({ signUpFormFields }) => ({
  summary: 'Makes an account with an email and a password, and a session',
  body: formOf(signUpFormFields),
  answers: { 200: [SIGNED_IN, FIELD_ERROR, statusAnswer('SIGN_UP_NOT_ALLOWED', { reason: text() })] },
  session: 'starts',
});

export const describeSignIn: Describe = ({ signInFormFields }) => ({
  summary: 'Signs in by an email and a password',
  body: formOf(signInFormFields),
  answers: {
    200: [
      SIGNED_IN,
      FIELD_ERROR,
      statusAnswer('WRONG_CREDENTIALS_ERROR'),
      statusAnswer('SIGN_IN_NOT_ALLOWED', { reason: text() }),
    ],
  },
  session: 'starts',
});

export const describePasswordResetToken: Describe = ({ emailFormFields }) => ({
  summary: 'Sends a link for a new password by email',
  description: 'Answers OK whether or not there is an account.',
  operationId: 'emailPasswordSendPasswordReset',
  body: formOf(emailFormFields),
  answers: {
    200: [statusAnswer('OK'), FIELD_ERROR, statusAnswer('PASSWORD_RESET_NOT_ALLOWED', { reason: text() })],
  },
});

export const describePasswordReset: Describe = ({ passwordFormFields }) => ({
  summary: 'Sets a new password by the token of a link',
  operationId: 'emailPasswordResetPassword',
  body: formOf(passwordFormFields, { token: text('Of the link') }, { method: { type: 'string', enum: ['token'] } }),
  answers: { 200: [statusAnswer('OK'), FIELD_ERROR, statusAnswer('RESET_PASSWORD_INVALID_TOKEN_ERROR')] },
});

/** `{ formFields: [{ id, value }] }`, with the fields of this application. */
function formOf(
  fields: readonly FormField[],
  further: Record<string, RouteSchema> = {},
  optional: Record<string, RouteSchema> = {},
): RouteSchema {
  const ids = fields.map(({ id }) => id);
  const needed = fields.filter((field) => !field.optional);
  const field = members({ id: { type: 'string', enum: ids }, value: text(undefined, { maxLength: MAX_VALUE_LENGTH }) });
  const formFields = listOf(field, {
    minItems: needed.length,
    maxItems: Math.min(fields.length, MAX_FIELDS),
    description: `Each once: ${ids.join(', ')}`,
    example: needed.map(({ id }) => ({ id, value: EXAMPLES[id] ?? '' })),
  });
  return members({ formFields, ...further }, optional);
}
