import { ConfigurationError } from './auth.error.js';

/** The first to know is who was called last: `init` within `forRoot`. */
const blamed = new WeakSet<ConfigurationError>();

/**
 * Where the application called a function of ours that takes options. They are checked later, deep in our code, and a stack of
 * our own files does not say which line is to be corrected.
 */
export class CallSite {
  declare private readonly stack?: string;

  /** @param callee what the application called: it and what it calls are left out */
  constructor(callee: Function) {
    Error.captureStackTrace(this, callee);
  }

  /** Runs what checks options: the stack of a `ConfigurationError` of it, or of its promise, begins with the application's line. */
  blame<T>(work: () => T): T {
    try {
      const result = work();
      return result instanceof Promise ? (result.catch((error: unknown) => this.rethrow(error)) as T) : result;
    } catch (error) {
      return this.rethrow(error);
    }
  }

  private rethrow(error: unknown): never {
    const from = this.stack?.search(/^ {4}at /m) ?? -1;
    if (error instanceof ConfigurationError && from >= 0 && !blamed.has(error)) {
      blamed.add(error);
      error.stack = `${error.name}: ${error.message}\n${this.stack!.slice(from)}`;
    }
    throw error;
  }
}
