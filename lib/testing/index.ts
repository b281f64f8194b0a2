export { AuthTestClient, formFields, type AuthTestClientOptions, type HeldTokens } from './auth-test-client.js';
export { CookieJar } from './cookie-jar.js';
export { fakeSession, type FakeSessionOptions } from './fake-session.js';
export { RecordedEmailDelivery } from './recorded-email-delivery.js';
