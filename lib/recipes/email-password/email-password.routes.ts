import { BadInputError } from '../../core/auth.error.js';
import { normaliseEmail } from '../../core/email-address.js';
import type { ApiCall } from '../../http/api-call.js';
import { EarlyAnswer, type AuthRoutes } from '../../http/auth-routes.js';
import { userAnswer } from '../user-answer.js';
import type { EmailPasswordApi, FormFieldsInput } from './email-password.api.js';
import type { EmailPasswordFunctions } from './email-password.functions.js';
import type { EmailPasswordConfig } from './email-password.options.js';
import {
  describeEmailExists,
  describePasswordReset,
  describePasswordResetToken,
  describeSignIn,
  describeSignUp,
} from './email-password.descriptions.js';
import { NewPasswordCheck } from './new-password-check.js';
import {
  type FieldErrorResponse,
  type FormFieldValue,
  fieldValue,
  readFormFields,
  validateFormFields,
} from './form-fields.js';

export const emailPasswordRoutes: AuthRoutes<EmailPasswordApi> = {
  emailExistsGET: {
    describe: describeEmailExists,
    method: 'GET',
    // The second one is what clients before FDI 3.0 ask for.
    paths: ['emailpassword/email/exists', 'signup/email/exists'],
    perTenant: true,
    okHolds: { exists: 'boolean' },
    attempt: { action: 'emailExists' },
    async input({ request, tenantId }) {
      const email = await request.getKeyValueFromQuery('email');
      if (email === undefined) throw new BadInputError('Please provide the email as a GET param');
      return { email: normaliseEmail(email), tenantId };
    },
  },
  signUpPOST: {
    describe: describeSignUp,
    method: 'POST',
    paths: ['signup'],
    perTenant: true,
    okHolds: { user: 'object' },
    attempt: { action: 'signUp' },
    input: (call) => formInput(call, 'signUpFormFields'),
    check: ({ formFields }, call) => refusal(call, formFields, { email: fieldValue(formFields, 'email') }),
    answer: (result, call) => {
      if (result.status === 'OK') return userAnswer(result, call.fdiVersion);
      if (result.status !== 'EMAIL_ALREADY_EXISTS_ERROR') return result;
      const error = 'This email already exists. Please sign in instead.';
      return { status: 'FIELD_ERROR', formFields: [{ id: 'email', error }] };
    },
  },
  signInPOST: {
    describe: describeSignIn,
    method: 'POST',
    paths: ['signin'],
    perTenant: true,
    okHolds: { user: 'object' },
    attempt: { action: 'signIn', account: ({ formFields }) => fieldValue(formFields, 'email') },
    input: (call) => formInput(call, 'signInFormFields'),
    answer: (result, call) => (result.status === 'OK' ? userAnswer(result, call.fdiVersion) : result),
  },
  generatePasswordResetTokenPOST: {
    describe: describePasswordResetToken,
    method: 'POST',
    paths: ['user/password/reset/token'],
    perTenant: true,
    attempt: { action: 'passwordResetMail', account: ({ formFields }) => fieldValue(formFields, 'email') },
    input: (call) => formInput(call, 'emailFormFields'),
  },
  passwordResetPOST: {
    describe: describePasswordReset,
    method: 'POST',
    paths: ['user/password/reset'],
    perTenant: true,
    attempt: { action: 'passwordReset' },
    async input(call) {
      const body = (await call.request.getJSONBody()) as { token?: unknown; method?: unknown } | undefined;
      const input = await formInput(call, 'passwordFormFields');
      if (input instanceof EarlyAnswer) return input;
      if (body?.token === undefined) throw new BadInputError('Missing input param: token');
      if (typeof body.token !== 'string') throw new BadInputError('The password reset token must be a string');
      if (body.method !== undefined && body.method !== 'token') {
        throw new BadInputError("The method of a password reset must be 'token'");
      }
      return { ...input, token: body.token };
    },
    check: ({ formFields, token }, call) => refusal(call, formFields, { token }),
    answer: (result) => (result.status === 'OK' ? { status: 'OK' } : result),
  },
};

/** Reads and validates before any override runs, so that overrides can rely on the fields. */
async function formInput(
  { request, tenantId, userContext, options, service }: ApiCall,
  form: Exclude<keyof EmailPasswordConfig, 'resetPasswordUsingTokenFeature'>,
): Promise<Pick<FormFieldsInput, 'formFields' | 'tenantId'> | EarlyAnswer> {
  const expected = service(NewPasswordCheck).withLength((options.config as EmailPasswordConfig)[form]);
  // Before the validators: one that knows a list of emails must not be passed by another spelling of one.
  const formFields = (await readFormFields(request)).map((field) =>
    field.id === 'email' ? { id: 'email', value: normaliseEmail(field.value) } : field,
  );
  const error = await validateFormFields(formFields, expected, tenantId, userContext);
  return error === undefined ? { formFields, tenantId } : new EarlyAnswer(error);
}

/** Says the same whether or not somebody has the email. */
async function refusal(
  { options, tenantId, userContext }: ApiCall,
  formFields: FormFieldValue[],
  account: { email: string } | { token: string },
): Promise<EarlyAnswer | undefined> {
  const functions = options.recipeImplementation as EmailPasswordFunctions;
  const password = fieldValue(formFields, 'password');
  const error = await functions.checkNewPassword({ password, ...account, tenantId, userContext });
  if (error === undefined) return undefined;
  return new EarlyAnswer({
    status: 'FIELD_ERROR',
    formFields: [{ id: 'password', error }],
  } satisfies FieldErrorResponse);
}
