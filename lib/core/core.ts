/** A port is an abstract class; the class itself is the key it is asked for by. */
export type Port<T> = abstract new (...args: never[]) => T;

/**
 * What keeps users, credentials, sessions and keys: embedded in this process, or a service over HTTP.
 * It offers one port for each group of operations, and knows neither recipes nor web frameworks.
 */
export abstract class Core {
  /** @throws {AuthError} `CONFIGURATION` when this core does not offer the port */
  abstract port<T>(port: Port<T>): T;

  /** Whether `port` would return one: for what can be done without, or in another way. */
  abstract offers(port: Port<unknown>): boolean;

  /**
   * Runs `work` as one unit: what it changes through this core's ports is kept as a whole or not at
   * all. Nested calls join the outer one. A core without transactions only runs `work`.
   */
  abstract transaction<T>(work: () => Promise<T>): Promise<T>;

  /** Ends connections and timers; safe to call twice. */
  abstract close(): Promise<void>;
}

/** The tenant of everything that names no other. */
export const PUBLIC_TENANT_ID = 'public';

/** The app of everything that names no other. */
export const PUBLIC_APP_ID = 'public';
