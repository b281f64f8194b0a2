/**
 * Published as `latchkey/core-service`: the core service as your own Nest application, and what a controller of a recipe
 * from elsewhere is made of.
 * @module latchkey/core-service
 */
export { createCoreService } from './core-service.js';
export type { CoreServiceOptions } from './core-service.options.js';
export { type CoreServiceSettings, readSettings } from './config/settings.js';
export { type CoreServiceExtension, runCoreService } from './main.js';
export { Cdi, CdiRequest, CorePort } from './wire/cdi-request.js';
export type { CdiVersion } from './wire/cdi-version.js';
export type { BodyFields, QueryFields } from './wire/fields.js';
export { AppRoute, TenantRoute } from './wire/routes.js';
export { userAnswer } from './wire/user-answer.js';
