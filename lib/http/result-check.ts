import type { AuthRoute } from './auth-routes.js';
import { OverrideError } from './override.error.js';

type Expectations = Pick<AuthRoute, 'statusless' | 'okHolds' | 'isText'>;

/**
 * An override that forgets its `return` would otherwise send an empty 200, which clients cannot read.
 * @param name the class and method that returned it
 * @throws {OverrideError} for the log; the client gets a 500
 */
export function checkResult(result: unknown, route: Expectations, name: string): void {
  const problem = findProblem(result, route);
  if (problem === undefined) return;
  const method = name.slice(name.indexOf('.') + 1);
  throw new OverrideError(
    `${name} returned ${problem}. Return ${route.isText ? 'a text' : 'an answer with a status'}, such as that of super.${method}(input), ` +
      `or decide the response by input.options.res.sendJSONResponse(…).`,
  );
}

function findProblem(result: unknown, route: Expectations): string | undefined {
  if (route.isText) return typeof result === 'string' ? undefined : result === undefined ? 'nothing' : 'no text';
  if (result === undefined) return route.statusless ? undefined : 'nothing';
  if (result === null || typeof result !== 'object' || Array.isArray(result)) {
    return result === null ? 'null' : Array.isArray(result) ? 'a list' : `a ${typeof result}`;
  }
  if (route.statusless) return undefined;
  const answer = result as Record<string, unknown>;
  if (typeof answer.status !== 'string') return 'an object without a status';
  if (answer.status !== 'OK') return undefined;
  const missing = Object.entries(route.okHolds ?? {}).find(
    ([key, type]) => answer[key] === null || typeof answer[key] !== type,
  );
  return missing === undefined ? undefined : `status OK without ${missing[0]} (${missing[1]})`;
}
