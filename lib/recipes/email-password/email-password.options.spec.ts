import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../../core/auth.error.js';
import { normaliseAppInfo } from '../../http/app-info.js';
import { normaliseEmailPasswordOptions, type EmailPasswordOptions, type FormField } from './email-password.options.js';

const appInfo = normaliseAppInfo({
  appName: 'Acme',
  apiDomain: 'https://api.example.com',
  websiteDomain: 'https://example.com',
});

const normalise = (options: unknown) => normaliseEmailPasswordOptions(options as EmailPasswordOptions, appInfo);
const withFields = (...formFields: unknown[]) => normalise({ signUpFeature: { formFields } });

describe('The options of EmailPasswordRecipe', () => {
  it('give email and password where nothing is said', () => {
    const { resetPasswordUsingTokenFeature, ...config } = normalise({});
    expect(resetPasswordUsingTokenFeature).toEqual({});
    const ids = Object.fromEntries(
      Object.entries<FormField[]>({ ...config }).map(([form, fields]) => [form, fields.map(({ id }) => id)]),
    );
    expect(ids).toEqual({
      signUpFormFields: ['email', 'password'],
      signInFormFields: ['email', 'password'],
      emailFormFields: ['email'],
      passwordFormFields: ['password'],
    });
  });

  it("put the application's own fields behind email and password, in their order", () => {
    const config = withFields({ id: 'name' }, { id: 'password' }, { id: 'age', optional: true });
    expect(config.signUpFormFields.map(({ id, optional }) => [id, optional])).toEqual([
      ['email', false],
      ['password', false],
      ['name', false],
      ['age', true],
    ]);
  });

  it('use a given validator wherever that field is asked for, but no password rule at sign-in', async () => {
    const { signUpFormFields, signInFormFields, emailFormFields, passwordFormFields } = withFields(
      { id: 'email', validate: () => 'no email' },
      { id: 'password', validate: () => 'no password' },
    );
    const validate = (fields: typeof signUpFormFields) =>
      Promise.all(fields.map((field) => field.validate('x', 'public', {})));
    expect(await validate(signUpFormFields)).toEqual(['no email', 'no password']);
    expect(await validate(signInFormFields)).toEqual(['no email', undefined]);
    expect(await validate(emailFormFields)).toEqual(['no email']);
    expect(await validate(passwordFormFields)).toEqual(['no password']);
  });

  it.each([
    ['an unknown option', { signupFeature: {} }, /no option signupFeature/],
    ['fields that are no list', { signUpFeature: { formFields: {} } }, /signUpFeature\.formFields/],
    ['a field without an id', { signUpFeature: { formFields: [{}] } }, /formFields\[0\]\.id is missing/],
    ['an id with a space', { signUpFeature: { formFields: [{ id: 'first name' }] } }, /"first name"/],
    ['a validator that is not a function', { signUpFeature: { formFields: [{ id: 'a', validate: /x/ }] } }, /validate/],
    ['an unknown key of a field', { signUpFeature: { formFields: [{ id: 'a', required: true }] } }, /required/],
    ['a field given twice', { signUpFeature: { formFields: [{ id: 'a' }, { id: 'a' }] } }, /field a .*twice/],
    ['an optional email', { signUpFeature: { formFields: [{ id: 'email', optional: true }] } }, /email .*optional/],
    [
      'an optional password',
      { signUpFeature: { formFields: [{ id: 'password', optional: true }] } },
      /password .*optional/,
    ],
  ])('refuse %s at boot, and name it', (_what, options, message) => {
    expect(() => normalise(options)).toThrow(ConfigurationError);
    expect(() => normalise(options)).toThrow(message);
  });
});
