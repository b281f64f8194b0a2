/**
 * Published as `latchkey/testing`: what tests of an application need.
 * @module latchkey/testing
 */
export { AuthTestClient, formFields, type AuthTestClientOptions, type HeldTokens } from './auth-test-client.js';
export { CookieJar } from './cookie-jar.js';
export { fakeSession, type FakeSessionOptions } from './fake-session.js';
export { RecordedEmailDelivery, type EmailFilter } from './recorded-email-delivery.js';
export { withInMemoryCore, type TestingBuilder } from './in-memory-core.js';
export { signIn, type SignedIn, type SignInOptions } from './sign-in.js';
export { TestClock } from './test-clock.js';
