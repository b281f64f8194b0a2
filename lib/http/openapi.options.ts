import { z } from 'zod';

/** How documents of the API show the auth routes; `false` leaves them out. */
export type OpenApiOption =
  | false
  | {
      /** Whether each route is shown at `{tenantId}/…` as well. @default false */
      tenantPaths?: boolean;
      /** The name of the document's security scheme for tokens in headers. @default 'bearer', as `addBearerAuth()` calls it */
      bearerScheme?: string;
      /** The name of the one for tokens in cookies. @default 'cookie', as `addCookieAuth('sAccessToken')` calls it */
      cookieScheme?: string;
    };

/** The token of `OpenApiOption`. */
export const OPEN_API = Symbol('latchkey.open-api');

const SHAPE = 'false, or { tenantPaths, bearerScheme, cookieScheme }';
const NAME = 'the name of a security scheme';

export const openApiSchema = z
  .union(
    [
      z.literal(false),
      z.strictObject({
        tenantPaths: z.boolean().optional(),
        bearerScheme: z.string(NAME).min(1, NAME).optional(),
        cookieScheme: z.string(NAME).min(1, NAME).optional(),
      }),
    ],
    SHAPE,
  )
  .optional();

/** What reaches the document in a way that needs a session: either of two, or, where it is optional, nothing. */
export function securityOf(options: Exclude<OpenApiOption, false>, isOptional: boolean): Record<string, string[]>[] {
  const { bearerScheme = 'bearer', cookieScheme = 'cookie' } = options;
  return [{ [bearerScheme]: [] }, { [cookieScheme]: [] }, ...(isOptional ? [{}] : [])];
}
