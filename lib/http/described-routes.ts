import type { AuthRoute } from './auth-routes.js';
import type { HandlerPlace, RouteHandler } from './controller-factory.js';
import { securityOf, type OpenApiOption } from './openapi.options.js';
import type { RouteDescription, RouteSession } from './route-description.js';
import { members, statusAnswer, text, type RouteSchema } from './route-schema.js';

/** Keys of `@nestjs/swagger`, which reads them where it is installed. They are exported there, but only by a deep path. */
const KEYS = {
  operation: 'swagger/apiOperation',
  parameters: 'swagger/apiParameters',
  responses: 'swagger/apiResponse',
  security: 'swagger/apiSecurity',
  consumes: 'swagger/apiConsumes',
  excludeEndpoint: 'swagger/apiExcludeEndpoint',
  excludeController: 'swagger/apiExcludeController',
};

const FORM = 'application/x-www-form-urlencoded';

/** Documents of the API leave the controller out. */
export function hideController(controller: Function): void {
  Reflect.defineMetadata(KEYS.excludeController, [true], controller);
}

interface DescribedRoute {
  route: AuthRoute;
  description: RouteDescription | undefined;
  /** Of its functions in generated clients, unless the description has one. */
  operationId: string;
}

/** Tells documents of the API about a route: once, and once more for tenants where they want it. */
export function describeHandler(
  { handler, place }: RouteHandler,
  { route, description, operationId }: DescribedRoute,
  options: Exclude<OpenApiOption, false>,
): void {
  const set = (key: string, value: unknown) => Reflect.defineMetadata(key, value, handler);
  if (place === 'older' || (place === 'tenant' && options.tenantPaths !== true)) {
    return set(KEYS.excludeEndpoint, { disable: true });
  }
  const name = `${description?.operationId ?? operationId}${place === 'tenant' ? 'InTenant' : ''}`;
  if (description === undefined) return set(KEYS.operation, { operationId: name });
  const { summary, description: more, session, body } = description;
  set(KEYS.operation, { summary, operationId: name, ...(more === undefined ? {} : { description: more }) });
  set(KEYS.parameters, parametersOf(route, description, place));
  set(KEYS.responses, answersOf(route, description));
  if (body !== undefined && route.takesFormsOfOtherSites) set(KEYS.consumes, [FORM]);
  const needs = session === undefined || session === 'starts' ? undefined : session;
  if (needs !== undefined) set(KEYS.security, securityOf(options, needs === 'optional'));
}

/** For a route of the application that a session opens: beside what it says itself. */
export function describeGuarded(
  handler: Function,
  options: Exclude<OpenApiOption, false>,
  { isOptional }: { isOptional: boolean },
): void {
  const ofHandler = (Reflect.getMetadata(KEYS.security, handler) ?? []) as Record<string, string[]>[];
  const known = new Set(ofHandler.map((one) => JSON.stringify(one)));
  const added = securityOf(options, isOptional).filter((one) => !known.has(JSON.stringify(one)));
  Reflect.defineMetadata(KEYS.security, [...ofHandler, ...added], handler);
}

function parametersOf(route: AuthRoute, description: RouteDescription, place: HandlerPlace): object[] {
  const { query = {}, body, session } = description;
  const inPath = [...route.paths[0]!.matchAll(/:(\w+)/g)].map(([, name]) => parameter('path', name!));
  const inQuery = Object.entries(query).map(([name, { description: about, required = true, example }]) => ({
    ...parameter('query', name, about, example),
    required,
  }));
  return [
    ...(place === 'tenant' ? [parameter('path', 'tenantId', 'Letters, digits and hyphens')] : []),
    ...inPath,
    ...inQuery,
    ...(session === 'starts' ? [TRANSFER_METHOD] : []),
    ...(body === undefined ? [] : [{ ...SCHEMA_COUNTS, in: 'body', name: 'body', required: true, schema: body }]),
  ];
}

/** Anything else would be taken for a class that describes the parameter. */
const SCHEMA_COUNTS = { type: String };

const TRANSFER_METHOD = {
  ...SCHEMA_COUNTS,
  in: 'header',
  name: 'st-auth-mode',
  required: false,
  description: 'How the client wants its tokens: by default in headers',
  schema: { type: 'string', enum: ['header', 'cookie'] },
};

function parameter(where: 'path' | 'query', name: string, description?: string, example?: string): object {
  const about = description === undefined ? {} : { description };
  const schema = text(undefined, example === undefined ? {} : { example });
  return { ...SCHEMA_COUNTS, in: where, name, required: true, ...about, schema };
}

const MESSAGE = members({ message: text() });

const refusal = (description: string, schema: RouteSchema = MESSAGE) => ({ description, schema });

function answersOf(route: AuthRoute, { answers, session, body, query }: RouteDescription): Record<string, object> {
  const described = Object.entries(answers).map(([status, schemas]) => {
    const isDone = status === '200';
    const all = isDone && !route.statusless ? [...schemas, GENERAL_ERROR] : schemas;
    const headers = isDone && (session === 'starts' || session === 'refreshes') ? { headers: TOKEN_HEADERS } : {};
    return [status, { description: DESCRIPTIONS[status] ?? '', ...headers, ...schemaOf(all) }];
  });
  return {
    ...(body === undefined && query === undefined ? {} : { 400: refusal('The request cannot be understood') }),
    ...(needsSession(session) ? { 401: refusal('No session, or its token has expired', NO_SESSION) } : {}),
    ...(route.method === 'GET' || route.takesFormsOfOtherSites
      ? {}
      : { 403: refusal('The page that sends the request is of another site') }),
    ...(route.attempt === undefined ? {} : { 429: refusal("Too many attempts, where attemptLimits.answer is '429'") }),
    ...Object.fromEntries(described),
  };
}

const GENERAL_ERROR = statusAnswer('GENERAL_ERROR', { message: text('To be shown to the user') });

const NO_SESSION = members({
  message: { type: 'string', enum: ['unauthorised', 'try refresh token', 'token theft detected'] },
});

const DESCRIPTIONS: Record<string, string> = {
  200: 'Done, or refused: `status` says which',
  303: 'Goes on at the address in Location',
};

const TOKEN_HEADERS = Object.fromEntries(
  Object.entries({
    'st-access-token': 'The access token, where the client has its tokens in headers',
    'st-refresh-token': 'The refresh token, where the client has its tokens in headers',
    'front-token': 'User id, expiry and payload for the page, in base64',
    'anti-csrf': 'To be sent back with cookies, where antiCsrf is VIA_TOKEN',
    'set-cookie': 'sAccessToken and sRefreshToken, where the client has its tokens in cookies',
  }).map(([name, description]) => [name, { description, schema: text() }]),
);

function needsSession(session: RouteSession | undefined): boolean {
  return session === 'required' || session === 'refreshes';
}

function schemaOf(schemas: readonly RouteSchema[]): { schema?: RouteSchema } {
  if (schemas.length === 0) return {};
  return { schema: schemas.length === 1 ? schemas[0]! : { oneOf: schemas } };
}
