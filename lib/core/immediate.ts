import type { MaybePromise } from './maybe-promise.js';

const IMMEDIATE = Symbol('latchkey.immediate');

type Method = (...input: never[]) => Promise<unknown>;

/** A method that returns its value itself where nothing has to be waited for. */
type ImmediateMethod<M extends Method> = (
  this: unknown,
  ...input: Parameters<M>
) => MaybePromise<Awaited<ReturnType<M>>>;

/**
 * For an async method whose work seldom waits: names the method of the same class that does the work, and that this one
 * calls. Those for whom a promise costs too much call it by `immediately`.
 * @param form returns the value itself where nothing has to be waited for
 */
export function Immediate(form: string): MethodDecorator {
  return (prototype, name, descriptor) => {
    const method = (prototype as Record<string, unknown>)[form];
    if (typeof method !== 'function')
      throw new Error(`@Immediate('${form}') on ${String(name)}: there is no such method`);
    Object.defineProperty(descriptor.value, IMMEDIATE, { value: method });
  };
}

/**
 * The method without its promise, to be called on the same object. What belongs to a function goes with it: an override, a
 * mixin or a spy is another function, and is called as it is, whether it is async or returns a value.
 */
export function immediately<M extends Method>(method: M): ImmediateMethod<M> {
  return (method as { [IMMEDIATE]?: ImmediateMethod<M> })[IMMEDIATE] ?? (method as unknown as ImmediateMethod<M>);
}
