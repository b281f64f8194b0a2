import { z } from 'zod';
import { onFirstUse } from './check-options.js';
import { BadInputError } from './auth.error.js';
import { PUBLIC_TENANT_ID } from './core.js';
import { normaliseEmail, parseEmailAddress } from './email-address.js';
import { toJsonText } from './json.js';
import { MAX_NAME_LENGTH } from './user-roles.core.js';
import type { JsonObject } from './json.types.js';
import type { ImportedLoginMethod, ImportedUser } from './user-import.core.js';

/** Members of a user that may be left out on request: nothing here could keep them, or they name what is not there. */
export const IGNORABLE_MEMBERS = { roles: 'userRoles', totp: 'totpDevices' } as const;

/** As `--ignore` names them. */
export type IgnoredMember = keyof typeof IGNORABLE_MEMBERS;

const MAX_LOGIN_METHODS = 20;
const MAX_TENANTS = 100;
const MAX_ROLES = 100;
/** The last millisecond that a `Date` can be. */
const MAX_TIME_MS = 8.64e15;

/** What every database can keep as it is: PostgreSQL takes no NUL, and neither takes half a character. */
const text = (maxLength: number) =>
  z
    .string('must be text')
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`)
    .refine((value) => !/[\0\p{Surrogate}]/u.test(value), 'must not hold NUL or half a character');

const flag = z.boolean('must be true or false, without quotes').optional();

const tenantIds = onFirstUse(() =>
  z
    .array(text(64), 'must be a list of ids of tenants')
    .min(1, 'must not be empty')
    .max(MAX_TENANTS, `must have at most ${MAX_TENANTS} tenants`)
    .refine((ids) => new Set(ids).size === ids.length, 'has one tenant twice')
    .optional(),
);

const shared = onFirstUse(() => ({
  tenantIds: tenantIds(),
  email: z
    .string('must be text')
    .transform(normaliseEmail)
    .refine((email) => parseEmailAddress(email) !== undefined, 'is not an email address that mail can be sent to'),
  isVerified: flag,
  isPrimary: flag,
  timeJoinedInMSSinceEpoch: z
    .int('must be a whole number of milliseconds since 1970, without quotes')
    .min(0, 'must not be negative')
    .max(MAX_TIME_MS, 'is beyond every date')
    .optional(),
}));

const loginMethodSchema = onFirstUse(() =>
  z.discriminatedUnion(
    'recipeId',
    [
      z.strictObject({
        recipeId: z.literal('emailpassword'),
        ...shared(),
        passwordHash: text(1024).optional(),
        hashingAlgorithm: z
          .string('must be text')
          .toLowerCase()
          .pipe(
            z.enum(
              ['argon2', 'bcrypt', 'firebase_scrypt', 'scrypt'],
              'must be argon2, bcrypt, scrypt or firebase_scrypt',
            ),
          )
          .optional(),
        plainTextPassword: z
          .string('must be text')
          .min(1, 'must not be empty')
          .max(10_000, 'must have at most 10000 characters')
          .optional(),
      }),
      z.strictObject({
        recipeId: z.literal('thirdparty'),
        ...shared(),
        thirdPartyId: text(256),
        thirdPartyUserId: text(256),
      }),
    ],
    'must be an object with recipeId "emailpassword" or "thirdparty", which are the login methods that can be stored',
  ),
);

const roleSchema = onFirstUse(() =>
  z.strictObject(
    { role: z.string('must be text').trim().pipe(text(MAX_NAME_LENGTH)), tenantIds: tenantIds() },
    'must be an object with role',
  ),
);

const nothing = z.array(z.unknown(), 'must be a list').max(0, 'cannot be stored').optional();

const userSchema = onFirstUse(() =>
  z.strictObject(
    {
      externalUserId: text(128).optional(),
      userMetadata: z.custom<JsonObject>(() => true).optional(),
      userRoles: z
        .array(roleSchema(), 'must be a list of roles')
        .max(MAX_ROLES, `must have at most ${MAX_ROLES} roles`)
        .optional(),
      totpDevices: nothing,
      loginMethods: z
        .array(loginMethodSchema(), 'must be a list of login methods')
        .min(1, 'must have a login method')
        .max(MAX_LOGIN_METHODS, `must have at most ${MAX_LOGIN_METHODS} login methods`),
    },
    'must be an object with loginMethods',
  ),
);

/**
 * @param value as `JSON.parse` gives it
 * @param ignored what is left out instead of being refused
 * @throws {BadInputError} what of it cannot be stored as it is; never a password or a hash
 */
export function readImportedUser(value: unknown, ignored: readonly IgnoredMember[] = []): ImportedUser {
  const leftOut = new Set<string>(ignored.map((name) => IGNORABLE_MEMBERS[name]));
  const result = userSchema().safeParse(withoutNulls(value, leftOut));
  if (!result.success) throw new BadInputError(result.error.issues.map(explain).join('; '));
  const { externalUserId, userMetadata, userRoles, loginMethods } = result.data;
  if (userMetadata !== undefined) toJsonText(userMetadata, 'userMetadata');
  const roles = userRoles === undefined || userRoles.length === 0 ? {} : { userRoles };
  const user = { externalUserId, userMetadata, ...roles, loginMethods } as ImportedUser;
  const problem = findProblem(user);
  if (problem !== undefined) throw new BadInputError(problem);
  return user;
}

/** What it signs in by in each of its tenants. */
export function accountNames(method: ImportedLoginMethod): string[] {
  const key = method.recipeId === 'emailpassword' ? [method.email] : [method.thirdPartyId, method.thirdPartyUserId];
  return (method.tenantIds ?? [PUBLIC_TENANT_ID]).map((tenantId) => JSON.stringify([tenantId, ...key]));
}

const LISTS = new Set(['loginMethods', 'userRoles']);

/** Exports of other systems write null for what is not there. */
function withoutNulls(value: unknown, ignored: ReadonlySet<string> = new Set()): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => member !== null && !ignored.has(name))
      .map(([name, member]) => [
        name,
        LISTS.has(name) && Array.isArray(member) ? member.map((each) => withoutNulls(each)) : member,
      ]),
  );
}

function findProblem({ loginMethods }: ImportedUser): string | undefined {
  for (const [at, method] of loginMethods.entries()) {
    if (method.recipeId !== 'emailpassword') continue;
    const { passwordHash, plainTextPassword } = method;
    if ((passwordHash === undefined) === (plainTextPassword === undefined)) {
      return `loginMethods[${at}] must have either passwordHash or plainTextPassword`;
    }
    if (passwordHash === undefined && method.hashingAlgorithm !== undefined) {
      return `loginMethods[${at}].hashingAlgorithm belongs to a passwordHash`;
    }
  }
  const names = loginMethods.flatMap((method, at) => accountNames(method).map((name) => ({ name, at })));
  const twice = names.find(({ name }, at) => names.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) return `loginMethods[${twice.at}] signs in by what another one signs in by`;
  const primary = loginMethods.filter(({ isPrimary }) => isPrimary === true);
  return primary.length > 1 ? 'only one of loginMethods can have isPrimary' : undefined;
}

function explain(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((key, at) =>
    typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`,
  );
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => JSON.stringify(key)).join(', ');
    return `there is no member ${names}${path.length === 0 ? '' : ` of ${path.join('')}`}`;
  }
  const [member] = issue.path;
  const ignored = Object.entries(IGNORABLE_MEMBERS).find(([, name]) => name === member && path.length === 1);
  const advice = ignored === undefined ? '' : `: leave it out, or pass --ignore ${ignored[0]}`;
  return `${path.join('') || 'the line'} ${issue.message}${advice}`;
}
