import type { AttemptActionName } from './attempt-action.js';
import type { APIOptions, ApiCall } from './api-call.js';
import type { RouteDescription } from './route-description.js';

/** What the controller adds to every API method's own inputs. */
type Added = 'options' | 'userContext';

type ApiMethod = (input: never) => Promise<unknown>;
type Input<Method> = Method extends (input: infer I) => Promise<unknown> ? Omit<I, Added> : never;
type Result<Method> = Method extends (input: never) => Promise<infer R> ? R : never;

/** An answer given before the API method is reached, such as field errors. */
export class EarlyAnswer {
  constructor(readonly body: object) {}
}

/** One route of a recipe: how its request becomes the input of the API method, and the result the answer. */
export interface AuthRoute<Method extends ApiMethod = ApiMethod> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `apiBasePath`, without a leading slash. Parameters have a colon, as in `notes/:noteId`. */
  paths: readonly string[];
  /** Also answers at `{tenantId}/{path}`. */
  perTenant?: boolean;
  /** Pages of other sites post forms here, as Apple does. Elsewhere their requests are refused, and so are forms. */
  takesFormsOfOtherSites?: true;
  /** Scripts of every origin may read the answer, whatever the application's CORS says: it is public. */
  isPublicDocument?: true;
  /**
   * @returns the API method's own inputs, or an answer that makes calling it needless
   * @throws {BadInputError} the request cannot be understood
   */
  input(call: ApiCall): Input<Method> | EarlyAnswer | Promise<Input<Method> | EarlyAnswer>;
  /**
   * Counts a request before the API method is called, and refuses it where there were too many. The answer `OK` is a
   * success.
   */
  attempt?: {
    /** One of the recipe's `attempts`. */
    action: AttemptActionName;
    /** Whose account it is about, as the client says. @default none */
    account?(input: Input<Method>): string | undefined;
  };
  /**
   * Comes after `attempt`, for work that needs a limit: asking other servers, or hashing.
   * @returns an answer that makes calling the API method needless
   */
  check?(input: Input<Method>, call: ApiCall): Promise<EarlyAnswer | undefined>;
  /**
   * Comes around the API method and `check`, for what is kept together with it, such as a transaction. What it returns is the
   * result.
   */
  around?(input: Input<Method>, call: ApiCall, work: () => Promise<unknown>): Promise<unknown>;
  /** The API method may return nothing or an answer without a status: then `{}` or that is sent. */
  statusless?: true;
  /** The API method returns a text that is sent as it is, such as a page; `answer` says of what type. */
  isText?: true;
  /** What an answer with status `OK` must hold for `answer` and for clients to work. */
  okHolds?: { readonly [Key in keyof Extract<Result<Method>, { status: 'OK' }>]?: 'object' | 'string' | 'boolean' };
  /** The body of the answer, for results that are not sent as they are. */
  answer?(result: Result<Method>, call: ApiCall): unknown;
  /** What documents of the API tell of it; a function where that depends on the recipe's options. */
  describe?: RouteDescription | ((config: never) => RouteDescription);
}

/** The names of the methods that have a route: the others of an API class are for guards and subclasses. */
type RouteName<Api> = {
  [Name in keyof Api & string]: Api[Name] extends (input: infer I) => Promise<unknown>
    ? I extends { options: APIOptions }
      ? Name
      : never
    : never;
}[keyof Api & string];

/** The routes of a recipe, each under the name of its API method. */
export type AuthRoutes<Api> = {
  [Name in RouteName<Api>]?: Api[Name] extends ApiMethod ? AuthRoute<Api[Name]> : never;
};
