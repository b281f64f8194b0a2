import { AuthError, type AuthErrorCode } from '../core/auth.error.js';
import { whenSettled } from '../core/maybe-promise.js';
import { methodsOf } from '../override/override-check.js';
import { FAILED, type Span, type Tracer } from './open-telemetry.js';

export type Layer = 'api' | 'functions' | 'core';

/** What is traced, as attributes of its spans tell it. */
interface TracedLayer {
  layer: Layer;
  /** The class that applications know. */
  name: string;
}

type Method = (this: unknown, ...input: unknown[]) => unknown;
type Methods = Record<string, Method | undefined>;

/** Of refusals of a request nobody has to be woken; of these somebody may. */
const FAULTS: ReadonlySet<AuthErrorCode> = new Set([
  'CONFIGURATION',
  'OVERLOADED',
  'OVERRIDE',
  'PROVIDER_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
]);

/**
 * Puts a span around each async method of the base class, on the instance, so that overrides are in it, and methods that call one
 * another have spans within each other.
 */
export function traceInstance(instance: object, base: object, layer: TracedLayer, tracer: Tracer): void {
  for (const name of asyncMethodsOf(base)) {
    const method = (instance as Methods)[name];
    // A disabled API is undefined.
    if (typeof method !== 'function') continue;
    Object.defineProperty(instance, name, { value: spanAround(method, name, layer, tracer), configurable: true });
  }
}

/** An object that does what `instance` does, with a span around each call from outside. */
export function tracedView<T extends object>(instance: T, layer: TracedLayer, tracer: Tracer): T {
  const view = Object.create(instance) as T;
  for (const name of asyncMethodsOf(Object.getPrototypeOf(instance) as object)) {
    const method = (instance as Methods)[name]!.bind(instance);
    Object.defineProperty(view, name, { value: spanAround(method, name, layer, tracer) });
  }
  return view;
}

function asyncMethodsOf(prototype: object): string[] {
  return methodsOf(prototype).filter((name) => (prototype as Methods)[name]!.constructor.name === 'AsyncFunction');
}

/** Only what has few values and tells nobody's secrets: neither inputs nor messages of errors, which may hold emails. */
function spanAround(method: Method, name: string, { layer, name: owner }: TracedLayer, tracer: Tracer): Method {
  const attributes = { 'latchkey.layer': layer };
  return function traced(...input) {
    return tracer.startActiveSpan(`${owner}.${name}`, { attributes }, (span) => {
      noteTenant(span, input[0]);
      return whenSettled(
        () => method.apply(this, input),
        (result) => {
          noteStatus(span, result);
          span.end();
          return result;
        },
        (error) => {
          noteError(span, error);
          span.end();
          throw error;
        },
      );
    });
  };
}

function noteTenant(span: Span, input: unknown): void {
  const tenantId = (input as { tenantId?: unknown } | null | undefined)?.tenantId;
  if (typeof tenantId === 'string' && /^[a-z0-9-]{1,100}$/.test(tenantId)) {
    span.setAttribute('latchkey.tenant_id', tenantId);
  }
}

function noteStatus(span: Span, result: unknown): void {
  const status = (result as { status?: unknown } | null | undefined)?.status;
  if (typeof status === 'string' && /^[A-Z_]{1,64}$/.test(status)) span.setAttribute('latchkey.status', status);
}

function noteError(span: Span, error: unknown): void {
  const isRefusal = error instanceof AuthError && !FAULTS.has(error.code);
  span.setAttribute('error.type', error instanceof AuthError ? error.code : nameOf(error));
  if (!isRefusal) span.setStatus(FAILED);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}
