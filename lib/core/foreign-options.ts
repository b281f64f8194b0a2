/** An option of a library that applications come from, and what is there for it here. */
interface ForeignOption {
  /** Its name, at any depth. */
  name: string;
  /** Where the name alone does not tell: whether the value is that of the other library. */
  is?: (value: unknown) => boolean;
  /** Whether the name is one of ours too, with other values. @default false */
  isOursToo?: boolean;
  /** What to do, in sentences that end a message. */
  fix: string;
}

const supertokensNode: readonly ForeignOption[] = [
  {
    name: 'supertokens',
    fix: "Give core: { connectionURI, apiKey } for a core that you run already, or core: { postgres: 'postgres://…' } for one in this process.",
  },
  { name: 'networkInterceptor', fix: 'Remove it: requests to a core are not intercepted.' },
  { name: 'disableCoreCallCache', fix: 'Remove it: answers of the core are not cached for a request.' },
  { name: 'framework', fix: 'Remove it: Nest tells which framework it runs on.' },
  { name: 'debug', fix: "Remove it: what there is to log goes to Nest's Logger." },
  { name: 'telemetry', fix: 'Remove it: nothing is reported to anybody.' },
  {
    name: 'experimental',
    fix: 'A plugin becomes a module of yours with overrides or mixins (docs/guides/overriding.md).',
  },
  {
    name: 'recipeList',
    is: (value) => !Array.isArray(value) || value.every((entry) => typeof entry !== 'function'),
    fix: 'Give recipeList beside appInfo in forRoot, or beside useFactory in forRootAsync.',
  },
  {
    name: 'recipeList',
    isOursToo: true,
    is: (value) => Array.isArray(value) && value.some((entry) => typeof entry === 'function'),
    fix: "A function is what init of supertokens-node returns: import SessionRecipe and the other recipes from 'latchkey'.",
  },
  {
    name: 'origin',
    fix: 'Give websiteDomain instead, which may be a function of the request where allowedOrigins lists what it may return.',
  },
  {
    name: 'signInAndUpFeature',
    fix: 'Give what is in it directly: ThirdPartyRecipe.init({ providers: [ … ] }).',
  },
  {
    name: 'config',
    is: (value) => hasMember(value, 'thirdPartyId'),
    fix: "Give what is in it directly, as the provider: { thirdPartyId: 'google', clients: [{ clientId, clientSecret }] }.",
  },
  {
    name: 'clientSecret',
    isOursToo: true,
    is: (value) => value === '',
    fix: 'Leave clientSecret out where the provider has given you none: PKCE is used then, and Apple takes its key from additionalConfig.',
  },
  ...['clientId', 'clientSecret', 'clientType'].map((name) => ({
    name,
    is: (value: unknown) => value !== '',
    fix: "Give what belongs to a client in a list: { thirdPartyId: 'google', clients: [{ clientId, clientSecret }] }.",
  })),
  { name: 'emailVerificationFeature', fix: "Add EmailVerificationRecipe.init({ mode: 'OPTIONAL' }) to recipeList." },
  { name: 'getEmailForUserId', fix: 'Give getEmailForRecipeUserId.' },
  ...['getResetPasswordURL', 'getEmailVerificationURL'].map((name) => ({
    name,
    fix: 'Remove it: links lead to pages below appInfo.websiteDomain and websiteBasePath. A class that extends EmailDelivery may send others.',
  })),
  ...['jwt', 'openIdFeature'].map((name) => ({
    name,
    fix: 'Remove it: access tokens are JWTs, and their keys are at jwt/jwks.json below apiBasePath.',
  })),
  { name: 'enableAntiCsrf', fix: "Give antiCsrf: 'VIA_TOKEN', 'VIA_CUSTOM_HEADER' or 'NONE'." },
  {
    name: 'overwriteSessionDuringSignIn',
    fix: 'Remove it: signing in always replaces the session that the client had.',
  },
  {
    name: 'emailDelivery',
    fix: 'Give it once, to the module: AuthModule.forRoot({ emailDelivery }) sends the emails of every recipe.',
  },
  {
    name: 'smsDelivery',
    fix: 'Give it once, to the module: AuthModule.forRoot({ smsDelivery }) sends the text messages of every recipe.',
  },
  {
    name: 'service',
    fix: 'Give { smtp: { host, port, auth, from } } for SMTP, or a class that extends EmailDelivery or SmsDelivery.',
  },
  { name: 'jwksRefreshIntervalSec', fix: 'Remove it: signing keys are read when they are needed.' },
  ...['functions', 'apis'].map((name) => ({
    name,
    isOursToo: true,
    is: (value: unknown) => typeof value === 'function' && !isClass(value),
    fix: 'A closure of supertokens-node becomes such a class: call super.signUp(input) where it called originalImplementation.signUp(input).',
  })),
];

const betterAuth: readonly ForeignOption[] = [
  {
    name: 'emailAndPassword',
    fix: 'Add EmailPasswordRecipe.init() to recipeList; docs/guides/moving-from-better-auth.md says what becomes of each member.',
  },
  {
    name: 'socialProviders',
    fix: "Add ThirdPartyRecipe.init({ providers: [{ thirdPartyId: 'google', clients: [{ clientId, clientSecret }] }] }) to recipeList.",
  },
  {
    name: 'emailVerification',
    fix: "Add EmailVerificationRecipe.init({ mode: 'OPTIONAL' }) to recipeList, and give emailDelivery to the module.",
  },
  {
    name: 'requireEmailVerification',
    fix: "Add EmailVerificationRecipe.init({ mode: 'REQUIRED' }) to recipeList.",
  },
  ...['minPasswordLength', 'maxPasswordLength'].map((name) => ({
    name,
    fix: 'Give AuthModule.forRoot({ passwordRules: { minLength, maxLength } }).',
  })),
  ...['sendResetPassword', 'sendVerificationEmail'].map((name) => ({
    name,
    fix: 'Give AuthModule.forRoot({ emailDelivery }): SMTP, or a class that extends EmailDelivery.',
  })),
  {
    name: 'sendOnSignUp',
    fix: 'Remove it: clients ask for the verification email. Override signUpPOST to send it with the sign-up.',
  },
  {
    name: 'autoSignIn',
    fix: 'Remove it: a sign-up signs in. Override signUpPOST for another answer.',
  },
  { name: 'disableSignUp', fix: 'Override signUpPOST = DISABLED in a class that extends EmailPasswordApi.' },
  {
    name: 'revokeSessionsOnPasswordReset',
    fix: 'Remove it: a password reset ends every session of the user.',
  },
  {
    name: 'resetPasswordTokenExpiresIn',
    fix: 'Give core: { passwordResetTokenLifetimeSeconds }.',
  },
  {
    name: 'database',
    fix: "Give core: { postgres: 'postgres://…' } or core: { sqlite: 'auth.sqlite' }.",
  },
  { name: 'secondaryStorage', fix: 'Remove it: sessions are kept in the database of core.' },
  ...['secret', 'secrets'].map((name) => ({
    name,
    fix: 'Remove it: tokens are signed with keys that the core makes, keeps and rotates.',
  })),
  { name: 'baseURL', fix: 'Give appInfo: { apiDomain }, the origin, and apiBasePath, the path.' },
  { name: 'basePath', fix: 'Give appInfo: { apiBasePath }.' },
  { name: 'trustedOrigins', fix: 'Give appInfo: { allowedOrigins }.' },
  {
    name: 'session',
    fix: 'Give SessionRecipe.init({ … }), and lifetimes as core: { accessTokenLifetimeSeconds, refreshTokenLifetimeSeconds }.',
  },
  ...['expiresIn', 'updateAge', 'cookieCache', 'freshAge'].map((name) => ({
    name,
    fix: 'Give core: { accessTokenLifetimeSeconds, refreshTokenLifetimeSeconds }: an access token is verified without the database.',
  })),
  {
    name: 'user',
    fix: 'Keep what you know of users in tables of yours, in one transaction with ours (docs/guides/transactions.md).',
  },
  { name: 'account', fix: 'Remove it: sign-ins by a provider and by a password are not joined by their email.' },
  {
    name: 'rateLimit',
    fix: 'Give AuthModule.forRoot({ attemptLimits }), or nothing: attempts are limited by default.',
  },
  {
    name: 'advanced',
    fix: 'Give cookieDomain, cookieSameSite, cookieSecure and cookiePrefix to SessionRecipe.init, and trusted proxies as attemptLimits: { trustedProxies }.',
  },
  ...['databaseHooks', 'hooks'].map((name) => ({
    name,
    fix: 'Override the method in a class that extends the functions or the API of the recipe, before or after its call of super.',
  })),
  { name: 'disabledPaths', fix: 'Override the API method of each route with DISABLED.' },
  {
    name: 'onAPIError',
    fix: "Remove it: errors are answered by an exception filter, and Nest's Logger has their details.",
  },
  {
    name: 'plugins',
    fix: 'A plugin becomes a recipe of recipeList (docs/guides/your-own-recipe.md), or a module of yours with overrides.',
  },
  { name: 'logger', fix: "Remove it: what there is to log goes to Nest's Logger." },
];

const passport: readonly ForeignOption[] = [
  { name: 'clientID', fix: 'Write clientId.' },
  {
    name: 'callbackURL',
    fix: 'Remove it: the frontend says where the provider sends users back to, below websiteDomain or as listed in allowedRedirectURIs.',
  },
  {
    name: 'passReqToCallback',
    fix: 'Remove it: overrides reach the request by getRequestFromUserContext(input.userContext).',
  },
  ...['usernameField', 'passwordField'].map((name) => ({
    name,
    fix: 'Remove it: clients send formFields with the ids email and password.',
  })),
  ...['secretOrKey', 'jwtFromRequest', 'ignoreExpiration'].map((name) => ({
    name,
    fix: 'Remove it: @Session() verifies access tokens of cookies and headers with the keys of the core.',
  })),
  { name: 'defaultStrategy', fix: 'Remove it: @Session() guards a route, and SessionGuard as APP_GUARD all of them.' },
  ...['successRedirect', 'failureRedirect'].map((name) => ({
    name,
    fix: 'Remove it: routes answer JSON, and the frontend decides what it shows next.',
  })),
];

/** Options of supertokens-node 24, better-auth 1.7 and Passport that do not exist here, or look otherwise. */
export const FOREIGN_OPTIONS: readonly ForeignOption[] = [...supertokensNode, ...betterAuth, ...passport];

/**
 * @param name as it was given, wherever that was
 * @param isOurs whether there is such an option there, so that only its value can be that of another library
 * @returns what to do, where it is one that another library has
 */
export function foreignFix(name: PropertyKey, value: unknown, isOurs = false): string | undefined {
  return FOREIGN_OPTIONS.find(
    (option) => option.name === name && (option.isOursToo || !isOurs) && (option.is?.(value) ?? true),
  )?.fix;
}

function hasMember(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function isClass(value: Function): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
