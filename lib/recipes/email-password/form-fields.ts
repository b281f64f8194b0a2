import { BadInputError } from '../../core/auth.error.js';
import type { BaseRequest } from '../../http/base-request.js';
import type { UserContext } from '../../http/user-context.js';
import type { FormField } from './email-password.options.js';

/** A form field as the client sent it. */
export interface FormFieldValue {
  id: string;
  value: string;
}

/** Errors that clients show beside form fields. */
export interface FieldErrorResponse {
  status: 'FIELD_ERROR';
  formFields: { id: string; error: string }[];
}

/** No form needs more; hashing a megabyte for anyone who sends one would invite abuse. */
export const MAX_VALUE_LENGTH = 10_000;
export const MAX_FIELDS = 100;

/**
 * The fields of a JSON body `{ formFields: [{ id, value }] }`.
 * @throws {BadInputError} not in that form, a field given twice, a value that is not text or is too long
 */
export async function readFormFields(request: BaseRequest): Promise<FormFieldValue[]> {
  const body = await request.getJSONBody();
  const list = (body as { formFields?: unknown } | undefined)?.formFields;
  if (list === undefined) throw new BadInputError(`Missing input param: formFields${expectedShape(body)}`);
  if (!Array.isArray(list)) throw new BadInputError('formFields must be an array');
  if (list.length > MAX_FIELDS) throw new BadInputError(`formFields must have at most ${MAX_FIELDS} fields`);
  const fields = list.map(readField);
  const ids = new Set<string>();
  for (const { id } of fields) {
    if (ids.has(id)) throw new BadInputError(`formFields has the field ${id} more than once`);
    ids.add(id);
  }
  return fields;
}

/** For somebody who tries the obvious body. Never what was sent: there is a password in it. */
function expectedShape(body: unknown): string {
  const ids = ['email', 'password'].filter((id) => Object.hasOwn(Object(body) as object, id));
  if (ids.length === 0) return '';
  const fields = ids.map((id) => `{ "id": "${id}", "value": "…" }`);
  return `. Send { "formFields": [${fields.join(', ')}] } instead`;
}

function readField(element: unknown): FormFieldValue {
  const { id, value } = (element ?? {}) as Partial<Record<'id' | 'value', unknown>>;
  if (typeof id !== 'string' || id === '' || id.length > 100) {
    throw new BadInputError('All elements of formFields must contain an id and value field');
  }
  if (typeof value !== 'string') throw new BadInputError(`The value of formFields with id = ${id} must be a string`);
  if (value.length > MAX_VALUE_LENGTH) throw new BadInputError(`The value of formFields with id = ${id} is too long`);
  return { id, value };
}

/**
 * @param expected the fields of this form; those of the request that it does not have are refused
 * @returns what is wrong with the values, for the user, or undefined
 * @throws {BadInputError} a field that this form does not have
 */
export async function validateFormFields(
  fields: FormFieldValue[],
  expected: FormField[],
  tenantId: string,
  userContext: UserContext,
): Promise<FieldErrorResponse | undefined> {
  const unknown = fields.find(({ id }) => !expected.some((field) => field.id === id));
  if (unknown !== undefined) throw new BadInputError(`formFields has a field that is not expected: ${unknown.id}`);

  const errors: FieldErrorResponse['formFields'] = [];
  for (const { id, validate, optional } of expected) {
    const value = fields.find((field) => field.id === id)?.value ?? '';
    const isMissing = (id === 'password' ? value : value.trim()) === '';
    if (isMissing && optional) continue;
    const error = isMissing ? 'Field is not optional' : await validate(value, tenantId, userContext);
    if (error !== undefined) errors.push({ id, error });
  }
  return errors.length === 0 ? undefined : { status: 'FIELD_ERROR', formFields: errors };
}

/** The value of a field that validation has made sure of. */
export function fieldValue(fields: FormFieldValue[], id: string): string {
  return fields.find((field) => field.id === id)?.value ?? '';
}
