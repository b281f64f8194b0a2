import { ConfigurationError } from '../core/auth.error.js';

/** What is needed of `@opentelemetry/api`, whose types nobody has who does not use it. */
export interface Tracer {
  startActiveSpan<T>(name: string, options: { attributes: Record<string, string> }, work: (span: Span) => T): T;
}

export interface Span {
  setAttribute(name: string, value: string): unknown;
  setStatus(status: { code: number }): unknown;
  end(): void;
}

/** Of `SpanStatusCode`. */
export const FAILED = { code: 2 };

/** The token of the `Tracer`, or of undefined where the option `tracing` is not true. */
export const TRACER = Symbol('latchkey.tracer');

/**
 * What it returns hands spans to whichever provider is registered, also later.
 * @throws {ConfigurationError} the package is not installed
 */
export async function loadTracer(): Promise<Tracer> {
  try {
    const { trace } = await import('@opentelemetry/api');
    return trace.getTracer('latchkey') as Tracer;
  } catch (cause) {
    throw new ConfigurationError(
      'AuthModule tracing: the package @opentelemetry/api does not load. Install it: npm install @opentelemetry/api, or ' +
        'remove tracing.',
      { cause },
    );
  }
}
