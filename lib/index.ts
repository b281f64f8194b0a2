/**
 * Published as `latchkey`: all that an application needs on HTTP.
 * @module latchkey
 */

// By `*`: only so can another package add actions by `declare module 'latchkey'`.
export type * from './http/attempt-action.js';
export { AttemptLimits, type CountedAttempt } from './attempts/attempt-limits.js';
export type { AttemptLimitsConfig, AttemptLimitsOptions } from './attempts/attempt-limits.options.js';
export type { AttemptLimitsOption } from './attempts/attempt-limits.providers.js';
export { AuthModule } from './auth.module.js';
export type {
  AuthModuleAsyncOptions,
  AuthModuleOptions,
  AuthOptionsFactory,
  AuthRuntimeOptions,
} from './auth.options.js';
export type { AppInfo, NormalisedAppInfo, WebsiteDomain } from './http/app-info.js';
export {
  AUTH_ERROR_CODES,
  AuthError,
  BadInputError,
  ConfigurationError,
  FactorNotAllowedError,
  SessionRefusedError,
  OverloadedError,
  StorageUnavailableError,
  TooManyAttemptsError,
  UnknownTenantError,
  type AuthErrorCode,
  type AuthErrorOptions,
  type SessionRefusal,
} from './core/auth.error.js';
export { AttemptsCore, type AttemptBucket, type AttemptRate, type AttemptResult } from './core/attempts.core.js';
export type { TrustedProxies } from './http/client-address.js';
export type {
  EmbeddedDatabaseOptions,
  PostgresDatabaseOptions,
  SqliteDatabaseOptions,
} from './core/embedded/storage/database.options.js';
export type { FirebasePasswordHashingOptions, PasswordHashingOptions } from './core/password-hashing.options.js';
export type { CoreOptions, EmbeddedCoreOptions } from './core/parts/core.options.js';
export type { RemoteCoreOptions } from './core/remote/remote-core.options.js';
export { parseEmailAddress, type EmailAddress } from './core/email-address.js';
export type * from './core/email-password.core.js';
export type * from './core/email-verification.core.js';
// By `*`: only so can another package add options by `declare module 'latchkey'`.
export type * from './core/engine-options.js';
// As a whole: only so can applications add to `FactNames`.
export * from './core/facts.js';
export { RevocationFeed, type RevocationFeedState, type RevocationTransport } from './core/revocation-feed.js';
export type { RevocationFeedOptions } from './core/revocation-feed.options.js';
export { AuthDatabase, type TransactionOptions } from './core/auth-database.js';
export type {
  PostgresClient,
  PostgresPool,
  PostgresPoolClient,
  PostgresPoolConfig,
  PostgresResult,
} from './core/postgres-pool.types.js';
export type { JsonObject, JsonPrimitive, JsonValue } from './core/json.types.js';
export type { MaybePromise } from './core/maybe-promise.js';
export { PasswordHasher } from './core/password-hasher.js';
export {
  PROTECTED_ACCESS_TOKEN_CLAIMS,
  type CoreSession,
  type RefreshTokenRotation,
  type SessionInformation,
  type Token,
} from './core/sessions.core.js';
export type { JsonWebKey, JsonWebKeySet, PublicKeyMembers, SigningAlgorithm } from './core/signing-keys.core.js';
export type {
  ProviderClientConfig,
  ThirdPartyConfig,
  ThirdPartySignInUpResult,
  UserInfoFields,
  UserInfoMap,
} from './core/third-party.core.js';
export type {
  AccountInfo,
  LoginMethod,
  LoginRecipeId,
  ThirdPartyInfo,
  User,
  UserCountInput,
  UserListInput,
  UserPage,
} from './core/users.core.js';
export type { CreateUserIdMappingResult, UserIdType } from './core/user-id-mapping.core.js';
export type { UserQuery, UserSearch } from './core/user-search.js';
export type { EmailContent } from './delivery/email-content.js';
export { EmailDelivery } from './delivery/email-delivery.js';
export type { EmailDeliveryOption } from './delivery/email-delivery.providers.js';
export { EmailQueue, type QueuedEmail } from './delivery/email-queue.js';
export type { MessageRecipient } from './delivery/resend-interval.js';
export type { EmailDefinition, MessageDefinition, SmsDefinition } from './delivery/message-definition.js';
// By `*`: only so can another package add kinds by `declare module 'latchkey'`.
export type * from './delivery/message-kinds.js';
export { SmsDelivery } from './delivery/sms-delivery.js';
export type { SmsDeliveryOption } from './delivery/sms-delivery.providers.js';
export { SmsQueue, type QueuedSms } from './delivery/sms-queue.js';
export type { SmtpDeliveryOptions } from './delivery/smtp-delivery.options.js';
export type { Mailbox } from './delivery/mailbox.js';
export type { SmtpOptions } from './delivery/smtp.options.js';
export type { EmailBrand } from './delivery/templates/email-style.js';
export type { EmailTemplateOptions } from './delivery/templates/email-template.options.js';
export type { EmailTexts, FrameTexts, KindTexts, Translations } from './delivery/templates/email-texts.js';
export { UndeliverableEmailError, UndeliverableMessageError } from './delivery/undeliverable-message.error.js';
export { LatchkeyHealthIndicator, type HealthCheckOptions, type LatchkeyHealth } from './health-indicator.js';
export type { AuthConfig } from './http/auth-config.js';
export type { APIOptions, ApiCall } from './http/api-call.js';
export { EarlyAnswer, type AuthRoute, type AuthRoutes } from './http/auth-routes.js';
export { BaseRequest, type FrameworkRequest, type HTTPMethod } from './http/base-request.js';
export { BaseResponse, type SameSite } from './http/base-response.js';
export { getAllCORSHeaders } from './http/cors.js';
export { ForeignOriginError } from './http/foreign-origin.error.js';
export { createExchange, type CarriedByCall, type TokenListener } from './http/detached.response.js';
export type { HttpExchange } from './http/http-exchange.js';
export { SessionTransport, type TransportDefinition, type TransportOption } from './http/session-transport.js';
export type { TransportRefusal, TransportRefusalCode } from './http/transport-refusal.js';
export { isAuthRoute } from './http/is-auth-route.js';
export type { OpenApiOption } from './http/openapi.options.js';
export { OwnResponseSentError } from './http/own-response-sent.error.js';
export type { RouteDescription, RouteParameter, RouteSession } from './http/route-description.js';
export type { RouteSchema } from './http/route-schema.js';
export { PUBLIC_ACCESS, PublicAccess } from './http/public-access.decorator.js';
export { getRequestFromUserContext } from './http/user-context.js';
// By `*`, as what follows: only so can applications declare what they put there.
export type * from './http/user-context.types.js';
export type * from './claims/access-token-payload.js';
export { OverrideError } from './http/override.error.js';
export { BreachedPasswords } from './passwords/breached-passwords.js';
export type { BreachedPasswordsConfig, BreachedPasswordsOptions } from './passwords/breached-passwords.options.js';
export type { NewPassword, PasswordFault } from './passwords/new-password.js';
export { PasswordRules } from './passwords/password-rules.js';
export type { PasswordRulesConfig, PasswordRulesOptions } from './passwords/password-rules.options.js';
export type { BreachedPasswordsOption, PasswordRulesOption } from './passwords/password-rules.providers.js';
export { DISABLED } from './override/disabled.js';
export { generalError, type GeneralErrorResponse } from './http/general-error.js';
export type { Constructor, Mixin, Override, ProviderOverride } from './override/override.js';
export * from './recipes/email-password/index.js';
export * from './recipes/email-verification/index.js';
export { defineRecipe, type DefinedRecipe } from './recipes/define-recipe.js';
export type { ClaimSource, RecipeClaim } from './claims/recipe-claim.js';
// By `*`: only so can another package add requirements by `declare module 'latchkey'`.
export type {
  FindService,
  GuardedHandler,
  SessionRequirement,
  SessionRequirementOptions,
} from './claims/session-requirement.js';
export type {
  AsyncRecipeOptions,
  DeclaredMessage,
  Recipe,
  RecipeDefinition,
  RecipeId,
  RecipeOptionsSource,
  RecipeOverride,
  RecipePart,
} from './recipes/recipe.js';
export {
  LegacySignIn,
  type FindLegacyUserInput,
  type LegacyEmailInput,
  type LegacyUser,
  type LegacyUsers,
} from './recipes/legacy-sign-in.js';
export { SmtpEmailDelivery } from './recipes/smtp-email-delivery.js';
export * from './recipes/dashboard/index.js';
export * from './recipes/multitenancy/index.js';
export * from './recipes/session/index.js';
export * from './recipes/third-party/index.js';
export * from './recipes/third-party-email-password/index.js';
export * from './recipes/user-metadata/index.js';
export * from './recipes/user-roles/index.js';
export { isAuthError, type KnownAuthError } from './known-auth-error.js';
export { Users } from './users/users.js';
export type * from './users/users.types.js';
