import { BadInputError } from '../../lib/core/auth.error.js';
import type { JsonObject } from '../../lib/core/json.types.js';

type Reader<T> = (value: unknown) => T | undefined;

const text: Reader<string> = (value) => (typeof value === 'string' ? value : undefined);
const boolean: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
const number: Reader<number> = (value) => (typeof value === 'number' ? value : undefined);
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const object: Reader<JsonObject> = (value) => (isObject(value) ? value : undefined);
const texts: Reader<string[]> = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;

const objects: Reader<JsonObject[]> = (value) => (Array.isArray(value) && value.every(isObject) ? value : undefined);

/**
 * The members of a request's body. Each is read by its name and type; the answer to one that is missing or of another type is
 * in the wire's words. An optional one may be `null`, too.
 */
export class BodyFields {
  private constructor(private readonly values: JsonObject) {}

  /** @throws {BadInputError} it is not a JSON object */
  static parse(body: unknown): BodyFields {
    try {
      const values: unknown = JSON.parse(typeof body === 'string' ? body : '');
      if (isObject(values)) return new BodyFields(values);
    } catch {
      // Answered below.
    }
    throw new BadInputError('Invalid Json Input');
  }

  /** @throws {BadInputError} it is missing or of another type */
  text(name: string): string {
    return this.required(name, text);
  }

  /** @throws {BadInputError} it is missing or of another type */
  boolean(name: string): boolean {
    return this.required(name, boolean);
  }

  /** @throws {BadInputError} it is missing or of another type */
  number(name: string): number {
    return this.required(name, number);
  }

  /** A list of texts. @throws {BadInputError} it is missing or of another type */
  texts(name: string): string[] {
    return this.required(name, texts);
  }

  /** @throws {BadInputError} it is missing or of another type */
  object(name: string): JsonObject {
    return this.required(name, object);
  }

  /** The members of each object in a list. @throws {BadInputError} it is missing or of another type */
  list(name: string): BodyFields[] {
    return this.required(name, objects).map((values) => new BodyFields(values));
  }

  /** The members of an object in the body. @throws {BadInputError} it is missing or of another type */
  fields(name: string): BodyFields {
    return new BodyFields(this.object(name));
  }

  /** @throws {BadInputError} it is of another type */
  optionalText(name: string): string | undefined {
    return this.optional(name, text);
  }

  /** @throws {BadInputError} it is of another type */
  optionalBoolean(name: string): boolean | undefined {
    return this.optional(name, boolean);
  }

  /** @throws {BadInputError} it is of another type */
  optionalNumber(name: string): number | undefined {
    return this.optional(name, number);
  }

  /** @throws {BadInputError} it is of another type */
  optionalObject(name: string): JsonObject | undefined {
    return this.optional(name, object);
  }

  /** A list of texts. @throws {BadInputError} it is of another type */
  optionalTexts(name: string): string[] | undefined {
    return this.optional(name, texts);
  }

  /** @returns undefined where it is not there, which is not the same as `null` */
  nullableText(name: string): string | null | undefined {
    return this.has(name) && this.values[name] === null ? null : this.optional(name, text);
  }

  /** A list of texts. @returns undefined where it is not there, which is not the same as `null` */
  nullableTexts(name: string): string[] | null | undefined {
    return this.has(name) && this.values[name] === null ? null : this.optional(name, texts);
  }

  /** Whether the body has such a member, `null` included. */
  has(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }

  private optional<T>(name: string, read: Reader<T>): T | undefined {
    return this.has(name) && this.values[name] !== null ? this.required(name, read) : undefined;
  }

  private required<T>(name: string, read: Reader<T>): T {
    const value = this.has(name) ? read(this.values[name]) : undefined;
    if (value === undefined) throw new BadInputError(`Field name '${name}' is invalid in JSON input`);
    return value;
  }
}

/** The fields of a request's query. Of a repeated one the first counts. */
export class QueryFields {
  constructor(private readonly values: URLSearchParams) {}

  /** @throws {BadInputError} it is missing */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw new BadInputError(`Field name '${name}' is missing in GET request`);
    return value;
  }

  /** @returns undefined where it is missing */
  optionalText(name: string): string | undefined {
    return this.values.get(name) ?? undefined;
  }

  /** @returns whether it is `true`, in any case of letters; undefined where it is missing */
  optionalBoolean(name: string): boolean | undefined {
    const value = this.optionalText(name)?.toLowerCase();
    return value === undefined ? undefined : value === 'true';
  }

  /** @throws {BadInputError} it is no whole number */
  optionalInteger(name: string): number | undefined {
    const value = this.optionalText(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value)) {
      throw new BadInputError(`Field name '${name}' must be an int in the GET request`);
    }
    return Number(value);
  }

  /** A list of texts, which commas separate. @returns undefined where it is missing */
  optionalTexts(name: string): string[] | undefined {
    const value = this.optionalText(name);
    return value?.split(',').map((one) => one.trim());
  }
}
