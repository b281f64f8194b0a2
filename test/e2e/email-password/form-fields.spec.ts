import { Inject, Injectable } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EmailPasswordApi, Users, type FormFieldValue, type SignInPOSTInput, type SignUpPOSTInput } from 'latchkey';
import { formFields } from 'latchkey/testing';
import { onExpress } from '../../support/frameworks.js';
import { startEmailPasswordApp, type EmailPasswordApp } from '../../support/email-password-app.js';

const SEEN = 'seen fields';

/** Writes down what the API method is given. */
@Injectable()
class Recording extends EmailPasswordApi {
  @Inject(SEEN) private readonly seen!: FormFieldValue[][];

  override async signUpPOST(input: SignUpPOSTInput) {
    this.seen.push(input.formFields);
    return super.signUpPOST(input);
  }

  override async signInPOST(input: SignInPOSTInput) {
    this.seen.push(input.formFields);
    return super.signInPOST(input);
  }
}

async function refuseTakenName(value: string): Promise<string | undefined> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return value === 'root' ? 'This name is taken' : undefined;
}

describe.each(onExpress)('Form fields on %s', (framework) => {
  let app: EmailPasswordApp;
  const seen: FormFieldValue[][] = [];
  const validatorArguments: unknown[][] = [];

  beforeAll(async () => {
    app = await startEmailPasswordApp(framework, {
      emailPassword: {
        signUpFeature: {
          formFields: [
            {
              id: 'email',
              validate: (value) => (/^[a-z0-9]+@acme\.org$/.test(value) ? undefined : 'Only @acme.org may sign up'),
            },
            { id: 'password', validate: async (value) => (value.length >= 3 ? undefined : 'Too short') },
            { id: 'name', validate: refuseTakenName },
            {
              id: 'age',
              optional: true,
              validate: (value, ...more) => {
                validatorArguments.push([value, ...more]);
                return /^\d+$/.test(value) ? undefined : 'Give a number';
              },
            },
            { id: 'nick.name', optional: true },
          ],
        },
        override: { apis: Recording },
      },
      auth: { imports: [{ module: class Seen {}, providers: [{ provide: SEEN, useValue: seen }], exports: [SEEN] }] },
    });
  });
  beforeEach(() => {
    seen.length = 0;
    validatorArguments.length = 0;
  });
  afterAll(() => app.close());

  const signUp = (values: Record<string, string>) => app.client().auth('signup', formFields(values));

  it('reach the override as they came, except for the email, which is trimmed and lower-cased', async () => {
    const response = await signUp({
      email: ' Ada@ACME.org\t',
      password: ' Pa ss ',
      name: ' Ada ',
      age: '36',
      'nick.name': '',
    });
    expect(await response.json()).toMatchObject({ status: 'OK', user: { emails: ['ada@acme.org'] } });
    expect(seen).toEqual([
      [
        { id: 'email', value: 'ada@acme.org' },
        { id: 'password', value: ' Pa ss ' },
        { id: 'name', value: ' Ada ' },
        { id: 'age', value: '36' },
        { id: 'nick.name', value: '' },
      ],
    ]);
    await app.client().signIn('ADA@acme.org ', ' Pa ss ');
    expect(seen[1]).toEqual([
      { id: 'email', value: 'ada@acme.org' },
      { id: 'password', value: ' Pa ss ' },
    ]);
  });

  it('that are optional may be left out or empty, and are then not validated', async () => {
    expect(await (await signUp({ email: 'o1@acme.org', password: 'kvz', name: 'O' })).json()).toMatchObject({
      status: 'OK',
    });
    expect(await (await signUp({ email: 'o2@acme.org', password: 'kvz', name: 'O', age: ' ' })).json()).toMatchObject({
      status: 'OK',
    });
    expect(validatorArguments).toEqual([]);
  });

  it('give their validators the value, the tenant and the user context', async () => {
    await signUp({ email: 'v@acme.org', password: 'kvz', name: 'V', age: '7' });
    expect(validatorArguments).toEqual([['7', 'public', expect.objectContaining({ _default: expect.anything() })]]);
  });

  it('that are wrong are all named at once, in the order of the form, and no override runs', async () => {
    const before = await app.app.get(Users).getUserCount();
    const response = await signUp({ age: 'old', password: 'ab', email: 'x@elsewhere.org', name: 'root' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'FIELD_ERROR',
      formFields: [
        { id: 'email', error: 'Only @acme.org may sign up' },
        { id: 'password', error: 'Too short' },
        { id: 'name', error: 'This name is taken' },
        { id: 'age', error: 'Give a number' },
      ],
    });
    expect(seen).toEqual([]);
    expect(await app.app.get(Users).getUserCount()).toBe(before);
  });

  it('that are missing are not optional', async () => {
    expect(await (await signUp({})).json()).toEqual({
      status: 'FIELD_ERROR',
      formFields: ['email', 'password', 'name'].map((id) => ({ id, error: 'Field is not optional' })),
    });
  });

  it('that nobody asked for are refused by name', async () => {
    const response = await signUp({ email: 'extra@acme.org', password: 'kvz', name: 'X', isAdmin: 'true' });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: 'formFields has a field that is not expected: isAdmin' });
    expect(seen).toEqual([]);
    expect(await app.app.get(Users).listUsersByAccountInfo({ email: 'extra@acme.org' })).toEqual([]);
  });

  it('of sign-up are not those of sign-in, except for the validator of the email', async () => {
    await signUp({ email: 'in@acme.org', password: 'kvz', name: 'I' });
    expect(await (await app.client().signIn('in@acme.org', 'a')).json()).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect(await (await app.client().signIn('in@else.org', 'kvz')).json()).toEqual({
      status: 'FIELD_ERROR',
      formFields: [{ id: 'email', error: 'Only @acme.org may sign up' }],
    });
  });

  it('of a password reset obey the validators of sign-up', async () => {
    const token = await app.client().auth('user/password/reset/token', formFields({ email: 'a@else.org' }));
    expect(await token.json()).toEqual({
      status: 'FIELD_ERROR',
      formFields: [{ id: 'email', error: 'Only @acme.org may sign up' }],
    });
    const reset = await app
      .client()
      .auth('user/password/reset', { ...formFields({ password: 'x' }), token: 'x', method: 'token' });
    expect(await reset.json()).toEqual({ status: 'FIELD_ERROR', formFields: [{ id: 'password', error: 'Too short' }] });
  });
});
