import { inspect } from 'node:util';
import { z } from 'zod';
import { ConfigurationError } from './auth.error.js';
import { foreignFix } from './foreign-options.js';

type Issue = z.core.$ZodIssue;

/**
 * Checks options against their schema. A schema says in its `error` what it expects, in words that end
 * the message as its fix.
 * @param where the call the options were given to, such as `SessionRecipe.init`
 * @throws {ConfigurationError} one line for each mistake: the option, its value, the fix
 */
export function checkOptions<T>(where: string, schema: z.ZodType<T>, options: unknown): T {
  // Options are checked once: code made for their schema would take longer than it saves.
  const result = schema.safeParse(options, { jitless: true });
  if (result.success) return result.data;
  const lines = result.error.issues.flatMap((issue) => explain(issue, options));
  throw new ConfigurationError(lines.map((line) => `${where}: ${line}`).join('\n'));
}

function explain(issue: Issue, options: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const fix = foreignFix(key, valueAt(options, path)) ?? 'Remove it, or correct its name.';
      return `there is no option ${pathOf(path)}. ${fix}`;
    });
  }
  const value = valueAt(options, issue.path);
  const subject = issue.path.length === 0 ? 'the options are' : `option ${pathOf(issue.path)} is`;
  const name = issue.path.at(-1);
  const fix = name === undefined || value === undefined ? undefined : foreignFix(name, value, true);
  return [`${subject} ${value === undefined ? 'missing' : show(value)}. ${fix ?? `Give ${issue.message}.`}`];
}

function valueAt(options: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], options);
}

function pathOf(path: PropertyKey[]): string {
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity });
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Makes a schema when something is first checked by it: a start needs half of ours, and pays for each. */
export function onFirstUse<Schema>(make: () => Schema): () => Schema {
  let made: Schema | undefined;
  return () => (made ??= make());
}

/** A function, whatever its parameters. */
export const functionSchema = <T>(expected: string) => z.custom<T>((value) => typeof value === 'function', expected);

/** A value that is checked elsewhere, such as an override. */
export const anythingSchema = <T>() => z.custom<T>(() => true);
