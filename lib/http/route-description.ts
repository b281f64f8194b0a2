import type { RouteSchema } from './route-schema.js';

/** What a route does with the session of its request. */
export type RouteSession =
  /** There is one afterwards: the tokens are in headers or cookies of the answer. */
  | 'starts'
  | 'required'
  | 'optional'
  /** The bearer token, or the cookie, is the refresh token. */
  | 'refreshes';

/** A parameter of the query. */
export interface RouteParameter {
  readonly description: string;
  /** @default true */
  readonly required?: boolean;
  readonly example?: string;
}

/** What documents of the API, such as those of `@nestjs/swagger`, tell of a route. */
export interface RouteDescription {
  /** A line. */
  readonly summary: string;
  readonly description?: string;
  /** The name of the function in generated clients. @default of recipe and method: `sessionSignOut` for `signOutPOST` */
  readonly operationId?: string;
  readonly query?: Readonly<Record<string, RouteParameter>>;
  /** The JSON that is sent, or a form where the route `takesFormsOfOtherSites`. @default none */
  readonly body?: RouteSchema;
  /**
   * What is answered, by the status of HTTP: several schemas are alternatives. Refusals that every route may answer are
   * added, such as a `GENERAL_ERROR`.
   */
  readonly answers: Readonly<Record<number, readonly RouteSchema[]>>;
  /** @default none is looked at */
  readonly session?: RouteSession;
}
