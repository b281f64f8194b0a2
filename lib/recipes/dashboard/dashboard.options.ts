import { z } from 'zod';
import { anythingSchema, checkOptions, onFirstUse } from '../../core/check-options.js';
import { normaliseEmail, parseEmailAddress } from '../../core/email-address.js';
import type { NormalisedAppInfo } from '../../http/app-info.js';

/** The options of `DashboardRecipe.init`. */
export interface DashboardOptions {
  /**
   * Everybody who knows it may do everything, beside the users of the dashboard: 24 characters or more, such as 32 random bytes
   * in base64. @default no key
   */
  apiKey?: string;
  /** Emails of those users of the dashboard who may change something; the others only read. @default all of them */
  admins?: readonly string[];
  /**
   * Where another page than ours is served from, such as `https://dashboard.example.com/build`: it has `static/js/bundle.js`
   * and `static/css/main.css`. @default our own page, from this application
   */
  bundleLocation?: string;
}

/** The options with their defaults, as `options.config` of an API method holds them. */
export interface DashboardConfig {
  apiKey: string | undefined;
  /** Normalised; undefined where all may write. */
  admins: ReadonlySet<string> | undefined;
  /** Without a slash at its end; undefined for our own page. */
  bundleLocation: string | undefined;
  /** What the page asks for first. */
  authMode: 'api-key' | 'email-password';
}

const KEY = 'a key of at least 24 letters, digits and other characters without spaces';
const EMAIL = 'an email address';
const LOCATION = 'an address such as https://dashboard.example.com/build';

const dashboardOptionsSchema = onFirstUse(() =>
  z.strictObject(
    {
      apiKey: z
        .string(KEY)
        .regex(/^[\x21-\x7e]{24,1000}$/, KEY)
        .optional(),
      admins: z
        .array(
          z.string(EMAIL).refine((email) => parseEmailAddress(normaliseEmail(email)) !== undefined, EMAIL),
          'a list of email addresses',
        )
        .optional(),
      bundleLocation: z.string(LOCATION).refine(isLocation, LOCATION).optional(),
      override: anythingSchema().optional(),
    },
    '{ apiKey, admins, bundleLocation }',
  ),
);

/** @throws {ConfigurationError} */
export function normaliseDashboardOptions(input: DashboardOptions, _appInfo: NormalisedAppInfo): DashboardConfig {
  const { apiKey, admins, bundleLocation } = checkOptions(
    'DashboardRecipe.init',
    dashboardOptionsSchema(),
    input,
  ) as DashboardOptions;
  return {
    apiKey,
    admins: admins && new Set(admins.map(normaliseEmail)),
    bundleLocation: bundleLocation?.replace(/\/+$/, ''),
    authMode: apiKey === undefined ? 'email-password' : 'api-key',
  };
}

/** Nothing that could end the attribute or the policy that it is written into. */
function isLocation(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\/[\w.:[\]-]+(\/[\w.~@%/-]*)?$/.test(text);
}

/** The token of the normalised options, `DashboardConfig`. */
export const DASHBOARD_CONFIG = Symbol('latchkey.dashboard.config');
