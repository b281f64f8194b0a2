import { ConfigurationError } from '../core/auth.error.js';
import {
  INJECTABLE_WATERMARK,
  OPTIONAL_DEPS_METADATA,
  PARAMTYPES_METADATA,
  SELF_DECLARED_DEPS_METADATA,
} from '../http/nest-metadata.js';

/**
 * Nest makes a class whose constructor it knows nothing of without an argument: the application would start, and fail in the
 * first request that uses one.
 * @throws {ConfigurationError} a parameter of the constructor has no type or token that Nest could inject
 */
export function checkConstructor(target: Function, option: string): void {
  const owner = constructorOwner(target);
  if (owner === undefined) return;
  const missing = firstWithoutType(target, owner);
  if (missing === undefined) return;
  const parameter = parameterName(owner, missing);
  throw new ConfigurationError(
    Reflect.hasOwnMetadata(INJECTABLE_WATERMARK, owner)
      ? `${option}: Nest does not know what to inject for ${parameter} of the constructor of ${owner.name}, since the ` +
          `compiler left the types out. Set "emitDecoratorMetadata": true in tsconfig.json (esbuild and tsx ignore it), or ` +
          'write @Inject(TheClass) before the parameter.'
      : `${option}: the constructor of ${owner.name} takes ${parameter}, but ${owner.name} is not decorated with ` +
          `@Injectable(), so Nest would inject nothing. Write @Injectable() above class ${owner.name}.`,
  );
}

/** The class whose constructor with parameters is called when `target` is made. */
function constructorOwner(target: Function): Function | undefined {
  for (let at = target; at !== Function.prototype && at !== null; at = Object.getPrototypeOf(at) as Function) {
    if (at.length > 0) return at;
    // It passes to the constructor above what it likes.
    if (parametersOf(at) !== undefined) return undefined;
  }
  return undefined;
}

/** What a class above declares is of another constructor. */
function firstWithoutType(target: Function, owner: Function): number | undefined {
  const declares = (key: string) => {
    for (let at = target; ; at = Object.getPrototypeOf(at) as Function) {
      if (Reflect.hasOwnMetadata(key, at)) return true;
      if (at === owner) return false;
    }
  };
  const metadata = <T>(key: string) => (declares(key) ? (Reflect.getMetadata(key, target) as T[]) : []);
  const types = metadata<unknown>(PARAMTYPES_METADATA);
  const tokens = metadata<{ index: number }>(SELF_DECLARED_DEPS_METADATA).map(({ index }) => index);
  const optional = metadata<number>(OPTIONAL_DEPS_METADATA);
  const indices = Array.from({ length: owner.length }, (_, index) => index);
  return indices.find((index) => index >= types.length && !tokens.includes(index) && !optional.includes(index));
}

function parametersOf(target: Function): string | undefined {
  return /\bconstructor\s*\(([^)]*)\)/.exec(Function.prototype.toString.call(target))?.[1];
}

function parameterName(target: Function, index: number): string {
  const name = parametersOf(target)?.split(',')[index]?.trim() ?? '';
  return /^[\w$]+$/.test(name) ? `the parameter ${name}` : `parameter ${index + 1}`;
}
