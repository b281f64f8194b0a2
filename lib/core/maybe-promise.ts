/** A value that is there already, or a promise of it. `await` takes either. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value: at once if it is there, without a promise. What `next` throws at once is thrown at once, too. */
export function whenThere<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value);
}

/** As `whenThere`, for what `work` returns; `fail` is told what it throws, at once or later. */
export function whenSettled<T, R>(
  work: () => MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
  fail: (error: unknown) => MaybePromise<R>,
): MaybePromise<R> {
  let value: MaybePromise<T>;
  try {
    value = work();
  } catch (error) {
    return fail(error);
  }
  return isThenable(value) ? Promise.resolve(value).then(next, fail) : next(value);
}

/** Overrides return promises of whatever library they like. */
function isThenable<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
