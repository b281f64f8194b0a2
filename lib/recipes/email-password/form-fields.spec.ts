import { describe, expect, it } from '@jest/globals';
import { BadInputError } from '../../core/auth.error.js';
import { BaseRequest } from '../../http/base-request.js';
import type { FormField } from './email-password.options.js';
import { fieldValue, readFormFields, validateFormFields } from './form-fields.js';

function request(body: unknown): BaseRequest {
  return new BaseRequest({ method: 'POST', headers: {}, originalUrl: '/auth/signup', body });
}

const field = (id: string, more: Partial<FormField> = {}): FormField => ({
  id,
  optional: false,
  validate: () => undefined,
  ...more,
});

function read(formFields: unknown) {
  return readFormFields(request({ formFields }));
}

describe('readFormFields', () => {
  it('reads id and value, and nothing that stands beside them', async () => {
    const formFields = [{ id: 'email', value: 'A@b.c', extra: 1 }, Object.create({ id: 'x', value: 'inherited' })];
    const fields = await readFormFields(request({ formFields }));
    expect(fields[0]).toEqual({ id: 'email', value: 'A@b.c' });
  });

  it('takes a value of 10,000 characters and no longer one', async () => {
    expect(await read([{ id: 'a', value: 'x'.repeat(10_000) }])).toHaveLength(1);
    await expect(read([{ id: 'a', value: 'x'.repeat(10_001) }])).rejects.toThrow(
      new BadInputError('The value of formFields with id = a is too long'),
    );
  });

  it('takes a hundred fields and no more', async () => {
    const fields = Array.from({ length: 101 }, (_, at) => ({ id: `f${at}`, value: '' }));
    expect(await read(fields.slice(1))).toHaveLength(100);
    await expect(read(fields)).rejects.toThrow(new BadInputError('formFields must have at most 100 fields'));
  });

  it('takes an id of 100 characters and no longer one', async () => {
    expect(await read([{ id: 'x'.repeat(100), value: '' }])).toHaveLength(1);
    await expect(read([{ id: 'x'.repeat(101), value: '' }])).rejects.toThrow(BadInputError);
  });
});

function validate(values: Record<string, string>, expected: FormField[]) {
  const fields = Object.entries(values).map(([id, value]) => ({ id, value }));
  return validateFormFields(fields, expected, 'public', {});
}

describe('validateFormFields', () => {
  it('finds nothing wrong with values that their validators accept', async () => {
    expect(await validate({ a: 'x' }, [field('a'), field('b', { optional: true })])).toBeUndefined();
  });

  it('collects the errors of every field, of slow validators too', async () => {
    const slow = field('b', { validate: () => new Promise((resolve) => setTimeout(() => resolve('slow'), 5)) });
    expect(await validate({ a: '', b: 'x' }, [field('a'), slow])).toEqual({
      status: 'FIELD_ERROR',
      formFields: [
        { id: 'a', error: 'Field is not optional' },
        { id: 'b', error: 'slow' },
      ],
    });
  });

  it('takes a password of spaces for one, and any other value of spaces for a missing one', async () => {
    expect(await validate({ password: '  ' }, [field('password')])).toBeUndefined();
    expect(await validate({ name: '  ' }, [field('name')])).toMatchObject({ formFields: [{ id: 'name' }] });
  });

  it('refuses a field that is not expected before it validates any', async () => {
    let calls = 0;
    const counting = field('a', { validate: () => void calls++ });
    await expect(validate({ a: 'x', b: 'y' }, [counting])).rejects.toThrow(
      new BadInputError('formFields has a field that is not expected: b'),
    );
    expect(calls).toBe(0);
  });
});

describe('fieldValue', () => {
  it('is the empty text where the field is missing', () => {
    expect(fieldValue([{ id: 'a', value: 'x' }], 'a')).toBe('x');
    expect(fieldValue([], 'a')).toBe('');
  });
});
