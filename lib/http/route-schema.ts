/** A schema, as OpenAPI 3.0 has them: JSON Schema, and `nullable`. */
export interface RouteSchema {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';
  readonly properties?: Readonly<Record<string, RouteSchema>>;
  readonly required?: readonly string[];
  readonly items?: RouteSchema;
  readonly oneOf?: readonly RouteSchema[];
  readonly enum?: readonly (string | number)[];
  readonly description?: string;
  readonly example?: unknown;
  /** Any other word of JSON Schema, such as `maxLength`. */
  readonly [keyword: string]: unknown;
}

export const text = (description?: string, rest: RouteSchema = {}): RouteSchema => ({
  type: 'string',
  ...(description === undefined ? {} : { description }),
  ...rest,
});

export const flag: RouteSchema = { type: 'boolean' };

export const listOf = (items: RouteSchema, rest: RouteSchema = {}): RouteSchema => ({ type: 'array', items, ...rest });

/** @param optional members that may be missing; the others are required */
export function members(
  properties: Readonly<Record<string, RouteSchema>>,
  optional: Readonly<Record<string, RouteSchema>> = {},
): RouteSchema {
  const required = Object.keys(properties);
  return {
    type: 'object',
    properties: { ...properties, ...optional },
    ...(required.length === 0 ? {} : { required }),
  };
}

/** An answer that clients tell from others by its `status`. */
export function statusAnswer(
  status: string | readonly string[],
  properties: Readonly<Record<string, RouteSchema>> = {},
  optional: Readonly<Record<string, RouteSchema>> = {},
): RouteSchema {
  return members({ status: { type: 'string', enum: [status].flat() }, ...properties }, optional);
}
