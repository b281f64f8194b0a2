import { z } from 'zod';
import type { JsonObject } from '../json.types.js';
import type { LoginRecipeId, User } from '../users.core.js';

/*
 * What the core answers, as far as we read it. Other members are left out, and other statuses than the expected ones
 * are refused.
 */

export const ok = z.object({ status: z.literal('OK') });

export const statusOf = <const S extends string>(...statuses: [S, ...S[]]) => z.object({ status: z.enum(statuses) });

/** As it is: schemas would rebuild it, and lose keys such as `__proto__`. */
export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Invalid input: expected object',
);

const thirdParty = z.object({ id: z.string(), userId: z.string() });

const loginMethod = z
  .object({
    // There may be recipes that we do not have.
    recipeId: z.string().transform((recipeId) => recipeId as LoginRecipeId),
    recipeUserId: z.string(),
    tenantIds: z.array(z.string()),
    email: z.string().nullish(),
    phoneNumber: z.string().nullish(),
    thirdParty: thirdParty.nullish(),
    accountKey: z.string().nullish(),
    verified: z.boolean(),
    timeJoined: z.number(),
  })
  .transform(({ email, phoneNumber, thirdParty: info, accountKey, ...method }) => ({
    ...method,
    ...(email == null ? {} : { email }),
    ...(phoneNumber == null ? {} : { phoneNumber }),
    ...(info == null ? {} : { thirdParty: info }),
    ...(accountKey == null ? {} : { accountKey }),
  }));

/** The shape of a user in answers of a core service. */
export const user: z.ZodType<User> = z.object({
  id: z.string(),
  timeJoined: z.number(),
  isPrimaryUser: z.boolean(),
  tenantIds: z.array(z.string()),
  emails: z.array(z.string()),
  phoneNumbers: z.array(z.string()),
  thirdParty: z.array(thirdParty),
  loginMethods: z.array(loginMethod),
});

export const signedIn = z.object({ status: z.literal('OK'), user, recipeUserId: z.string() });

export const token = z.object({ token: z.string(), expiry: z.number(), createdTime: z.number() });
