import { describe, expect, it } from '@jest/globals';
import { readImportedUser } from './imported-user.js';

const HASH = '$2b$10$GzEm3vKoAqnJCTWesRARCe/ovjt/07qjvcH9jbLUg44Fn77gMZkmm';
const method = { recipeId: 'emailpassword', email: 'a@example.com', passwordHash: HASH, hashingAlgorithm: 'bcrypt' };
const withMethod = (changes: object) => ({ loginMethods: [{ ...method, ...changes }] });

function refusal(value: unknown): string {
  try {
    readImportedUser(value);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('A user of another system', () => {
  it('is read in the shape of the bulk import, emails as they are stored, null as absent', () => {
    const user = {
      externalUserId: 'u1',
      userMetadata: { plan: 'gold', nested: { at: 1 } },
      userRoles: null,
      totpDevices: [],
      loginMethods: [
        {
          ...method,
          email: ' A@Example.com ',
          hashingAlgorithm: 'BCRYPT',
          isVerified: null,
          phoneNumber: null,
          tenantIds: ['public', 't1'],
        },
        {
          recipeId: 'thirdparty',
          email: 'b@example.com',
          thirdPartyId: 'google',
          thirdPartyUserId: '1',
          isVerified: true,
        },
      ],
    };
    expect(readImportedUser(user)).toEqual({
      externalUserId: 'u1',
      userMetadata: { plan: 'gold', nested: { at: 1 } },
      loginMethods: [
        { ...method, tenantIds: ['public', 't1'] },
        {
          recipeId: 'thirdparty',
          email: 'b@example.com',
          thirdPartyId: 'google',
          thirdPartyUserId: '1',
          isVerified: true,
        },
      ],
    });
  });

  it('is read without what is ignored', () => {
    const user = { ...withMethod({}), userRoles: 'admin', totpDevices: [{}] };
    expect(readImportedUser(user, ['roles', 'totp'])).toEqual(withMethod({}));
    expect(() => readImportedUser(user, ['roles'])).toThrow('totpDevices cannot be stored');
  });

  it.each<[unknown, string]>([
    [null, 'the line must be an object with loginMethods'],
    [[], 'the line must be an object with loginMethods'],
    ['text', 'the line must be an object with loginMethods'],
    [{}, 'loginMethods must be a list of login methods'],
    [{ loginMethods: [] }, 'loginMethods must have a login method'],
    [{ loginMethods: [null] }, 'loginMethods[0] must be an object with recipeId "emailpassword" or "thirdparty"'],
    [
      withMethod({ recipeId: 'passwordless' }),
      'loginMethods[0].recipeId must be an object with recipeId "emailpassword" or',
    ],
    [JSON.parse(`{"__proto__":{},"loginMethods":[${JSON.stringify(method)}]}`), 'there is no member "__proto__"'],
    [{ ...withMethod({}), isActive: true }, 'there is no member "isActive"'],
    [withMethod({ phoneNumber: '1' }), 'there is no member "phoneNumber" of loginMethods[0]'],
    [
      { ...withMethod({}), userRoles: 'admin' },
      'userRoles must be a list of roles: leave it out, or pass --ignore roles',
    ],
    [{ ...withMethod({}), userRoles: ['admin'] }, 'userRoles[0] must be an object with role'],
    [{ ...withMethod({}), userRoles: [{ role: ' ' }] }, 'userRoles[0].role must not be empty'],
    [
      { ...withMethod({}), userRoles: [{ role: 'x'.repeat(256) }] },
      'userRoles[0].role must have at most 255 characters',
    ],
    [{ ...withMethod({}), userRoles: [{ role: 'a', tenantIds: [] }] }, 'userRoles[0].tenantIds must not be empty'],
    [{ ...withMethod({}), userRoles: [{ role: 'a', until: 1 }] }, 'there is no member "until" of userRoles[0]'],
    [{ ...withMethod({}), totpDevices: [{}] }, 'totpDevices cannot be stored: leave it out, or pass --ignore totp'],
    [{ ...withMethod({}), externalUserId: 7 }, 'externalUserId must be text'],
    [{ ...withMethod({}), externalUserId: '' }, 'externalUserId must not be empty'],
    [{ ...withMethod({}), externalUserId: 'a\0b' }, 'externalUserId must not hold NUL'],
    [{ ...withMethod({}), externalUserId: 'x'.repeat(129) }, 'externalUserId must have at most 128 characters'],
    [{ ...withMethod({}), userMetadata: 'gold' }, 'userMetadata must be an object'],
    [withMethod({ email: 'nobody' }), 'loginMethods[0].email is not an email address'],
    [withMethod({ email: 'a\0@example.com' }), 'loginMethods[0].email is not an email address'],
    [withMethod({ email: 1 }), 'loginMethods[0].email must be text'],
    [withMethod({ isVerified: 'true' }), 'loginMethods[0].isVerified must be true or false, without quotes'],
    [withMethod({ timeJoinedInMSSinceEpoch: '1690000000000' }), 'must be a whole number of milliseconds since 1970'],
    [withMethod({ timeJoinedInMSSinceEpoch: -1 }), 'timeJoinedInMSSinceEpoch must not be negative'],
    [withMethod({ tenantIds: 'public' }), 'loginMethods[0].tenantIds must be a list of ids of tenants'],
    [withMethod({ tenantIds: [] }), 'loginMethods[0].tenantIds must not be empty'],
    [withMethod({ tenantIds: ['t1', 't1'] }), 'loginMethods[0].tenantIds has one tenant twice'],
    [withMethod({ hashingAlgorithm: 'md5' }), 'hashingAlgorithm must be argon2, bcrypt, scrypt or firebase_scrypt'],
    [withMethod({ passwordHash: null }), 'loginMethods[0] must have either passwordHash or plainTextPassword'],
    [
      withMethod({ plainTextPassword: 'secret-1' }),
      'loginMethods[0] must have either passwordHash or plainTextPassword',
    ],
    [withMethod({ passwordHash: null, plainTextPassword: 'secret-1' }), 'hashingAlgorithm belongs to a passwordHash'],
    [{ loginMethods: [method, method] }, 'loginMethods[1] signs in by what another one signs in by'],
    [
      {
        loginMethods: [
          { ...method, isPrimary: true },
          { ...method, email: 'b@example.com', isPrimary: true },
        ],
      },
      'only one of loginMethods can have isPrimary',
    ],
  ])('%j is refused', (value, reason) => {
    expect(refusal(value)).toContain(reason);
    expect(refusal(value)).not.toMatch(/secret-1|GzEm3v/);
  });
});
