/** A value of JSON that holds no other. */
export type JsonPrimitive = string | number | boolean | null;
/** Anything that JSON can represent. */
export type JsonValue = JsonPrimitive | JsonValue[] | { [key: string]: JsonValue | undefined };
/** An object that JSON can represent. */
export type JsonObject = { [key: string]: JsonValue | undefined };
