import { BadInputError } from './auth.error.js';
import type { JsonObject } from './json.types.js';

const MAX_DEPTH = 100;

/**
 * @returns the JSON text of a value that comes back from it unchanged
 * @throws {BadInputError} there is something in it that JSON would drop, change or fail on
 */
export function toJsonText(value: JsonObject, name: string): string {
  const problem = isPlainObject(value) ? findProblem(value, MAX_DEPTH) : 'must be an object';
  if (problem !== undefined) throw new BadInputError(`${name} ${problem}`);
  return JSON.stringify(value);
}

function findProblem(value: unknown, depthLeft: number): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'must not hold NaN or Infinity';
  // Catches circles, too.
  if (depthLeft === 0) return `must not be nested deeper than ${MAX_DEPTH} levels`;
  if (Array.isArray(value)) return firstProblem(value, depthLeft);
  if (isPlainObject(value)) {
    return firstProblem(
      Object.values(value).filter((member) => member !== undefined),
      depthLeft,
    );
  }
  return 'must hold nothing but JSON values';
}

function firstProblem(members: unknown[], depthLeft: number): string | undefined {
  for (const member of members) {
    const problem = findProblem(member, depthLeft - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // By its shape: objects may come from another realm, as they do in test runners.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

export function deepFreeze<T>(value: T): Readonly<T> {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}

/** @returns `stored` with the members of `update` in place of its own; without those that `update` has as `null` */
export function mergeAtRoot(stored: JsonObject, update: JsonObject): JsonObject {
  // Not by assignment, which would take the name __proto__ for the prototype.
  return Object.fromEntries(Object.entries({ ...stored, ...update }).filter(([name]) => update[name] !== null));
}
