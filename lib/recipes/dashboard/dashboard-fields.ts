import { BadInputError } from '../../core/auth.error.js';
import type { ApiCall } from '../../http/api-call.js';

/** @throws {BadInputError} it is missing, empty or given twice */
export async function queryText({ request }: ApiCall, name: string): Promise<string> {
  const value = await request.getKeyValueFromQuery(name);
  if (value === undefined || value === '') throw new BadInputError(`Missing required parameter '${name}'`);
  return value;
}

/** @throws {BadInputError} it is missing, or no whole number */
export async function queryInteger(call: ApiCall, name: string): Promise<number> {
  const value = await queryText(call, name);
  if (!/^\d{1,9}$/.test(value)) throw new BadInputError(`Invalid value received for '${name}'`);
  return Number(value);
}

/** The members of a JSON body. */
export class DashboardFields {
  private constructor(private readonly values: Record<string, unknown>) {}

  /** @throws {BadInputError} there is no JSON object */
  static async of({ request }: ApiCall): Promise<DashboardFields> {
    const body = await request.getJSONBody();
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      return new DashboardFields(body as Record<string, unknown>);
    }
    throw new BadInputError('The body must be a JSON object');
  }

  /** @throws {BadInputError} it is missing, or no text */
  text(name: string): string {
    const value = this.required(name);
    if (typeof value !== 'string') throw new BadInputError(`The parameter '${name}' must be a text`);
    return value;
  }

  /** @throws {BadInputError} it is missing, empty, or no text */
  filledText(name: string): string {
    const value = this.text(name);
    if (value === '') throw new BadInputError(`Missing required parameter '${name}'`);
    return value;
  }

  /** @throws {BadInputError} it is missing, or neither true nor false */
  flag(name: string): boolean {
    const value = this.required(name);
    if (typeof value !== 'boolean') throw new BadInputError(`The parameter '${name}' must be true or false`);
    return value;
  }

  /** @throws {BadInputError} it is missing, or no list of texts */
  texts(name: string): string[] {
    const value = this.required(name);
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
    throw new BadInputError(`The parameter '${name}' must be a list of texts`);
  }

  /** As it was sent; undefined where it is not there. */
  value(name: string): unknown {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }

  private required(name: string): unknown {
    const value = this.value(name);
    if (value === undefined) throw new BadInputError(`Missing required parameter '${name}'`);
    return value;
  }
}
