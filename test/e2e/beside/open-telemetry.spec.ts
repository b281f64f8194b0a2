import { AsyncLocalStorage } from 'node:async_hooks';
import { context, ROOT_CONTEXT, trace, type Context, type ContextManager } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DISABLED, EmailPasswordApi, EmailPasswordFunctions, type SignInInput } from 'latchkey';
import { type AuthApp, newEmail, PASSWORD, startAuthApp } from '../../support/auth-app.js';
import { onExpress } from '../../support/frameworks.js';

/** As `@opentelemetry/context-async-hooks` has it. */
class Contexts implements ContextManager {
  private readonly storage = new AsyncLocalStorage<Context>();

  active() {
    return this.storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.storage.run(active, () => work.apply(self, args));
  }

  bind<T>(_active: Context, target: T): T {
    return target;
  }

  enable() {
    return this;
  }

  disable() {
    return this;
  }
}

class AuditedFunctions extends EmailPasswordFunctions {
  override async signIn(input: SignInInput) {
    const result = await super.signIn(input);
    trace.getActiveSpan()?.setAttribute('audited', true);
    if (input.email.startsWith('fail')) throw new RangeError(`no more of ${input.email}`);
    return result;
  }
}

class WithoutEmailExists extends EmailPasswordApi {
  override emailExistsGET = DISABLED;
}

describe.each(onExpress)('Tracing, on %s', (framework) => {
  const exporter = new InMemorySpanExporter();
  let auth: AuthApp;
  let email: string;

  const start = (tracing: boolean) =>
    startAuthApp(framework, {
      auth: { tracing },
      emailPassword: { override: { apis: WithoutEmailExists, functions: AuditedFunctions } },
    });
  const spans = () => exporter.getFinishedSpans();
  const spanOf = (name: string) => spans().find((span) => span.name === name)!;
  const parentOf = (span: ReadableSpan) =>
    spans().find((other) => other.spanContext().spanId === span.parentSpanContext?.spanId)?.name;

  beforeAll(async () => {
    context.setGlobalContextManager(new Contexts());
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    auth = await start(true);
    email = newEmail();
    await auth.client().signUp(email, PASSWORD);
  });
  beforeEach(() => exporter.reset());
  afterAll(async () => {
    await auth.app.close();
    trace.disable();
    context.disable();
  });

  it('has a span for the API method, the function and the operation of the core, each in the one before', async () => {
    expect((await auth.client().signIn(email, PASSWORD)).status).toBe(200);

    expect(parentOf(spanOf('EmailPasswordCore.signIn'))).toBe('EmailPasswordFunctions.verifyCredentials');
    expect(parentOf(spanOf('EmailPasswordFunctions.verifyCredentials'))).toBe('EmailPasswordFunctions.signIn');
    expect(parentOf(spanOf('EmailPasswordFunctions.signIn'))).toBe('EmailPasswordApi.signInPOST');
    expect(spanOf('EmailPasswordFunctions.signIn').attributes).toEqual({
      'latchkey.layer': 'functions',
      'latchkey.tenant_id': 'public',
      'latchkey.status': 'OK',
      audited: true,
    });
    expect(spanOf('SessionsCore.createNewSession').attributes).toMatchObject({ 'latchkey.layer': 'core' });
  });

  it('tells refusals and faults apart, and no email, password or token in any span', async () => {
    await auth.client().signIn(email, 'another horse 2');
    expect(spanOf('EmailPasswordApi.signInPOST').attributes['latchkey.status']).toBe('WRONG_CREDENTIALS_ERROR');
    expect((await auth.client().get('/auth/emailpassword/email/exists?email=a@example.com')).status).toBe(404);
    await auth.client().refresh();
    const refused = spanOf('SessionApi.refreshPOST');
    expect([refused.attributes['error.type'], refused.status.code]).toEqual(['UNAUTHORISED', 0]);

    await auth.client().signUp(`fail-${email}`, PASSWORD);
    expect((await auth.client().signIn(`fail-${email}`, PASSWORD)).status).toBe(500);
    const failed = spans().findLast(({ name }) => name === 'EmailPasswordFunctions.signIn')!;
    expect([failed.attributes['error.type'], failed.status]).toEqual(['RangeError', { code: 2 }]);

    const recorded = JSON.stringify(
      spans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    );
    expect(recorded).not.toMatch(/@|horse|eyJ/);
  });

  it('is off unless it is asked for', async () => {
    const silent = await start(false);
    await silent.client().signUp(newEmail(), PASSWORD);
    await silent.app.close();

    expect(spans()).toEqual([]);
  });
});
