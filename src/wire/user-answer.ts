import type { LoginMethod, User } from '../../lib/core/users.core.js';
import { type CdiVersion, isAtLeast } from './cdi-version.js';

/** A user with exactly the members of that version: drivers count them. */
export function userAnswer(user: User, version: CdiVersion) {
  return {
    id: user.id,
    isPrimaryUser: user.isPrimaryUser,
    tenantIds: user.tenantIds,
    timeJoined: user.timeJoined,
    emails: user.emails,
    phoneNumbers: user.phoneNumbers,
    thirdParty: user.thirdParty.map(({ id, userId }) => ({ id, userId })),
    ...(isAtLeast(version, '5.3') ? { webauthn: { credentialIds: [] } } : {}),
    loginMethods: user.loginMethods.map(loginMethodAnswer),
  };
}

function loginMethodAnswer({ email, phoneNumber, thirdParty, accountKey, ...method }: LoginMethod) {
  return {
    tenantIds: method.tenantIds,
    recipeUserId: method.recipeUserId,
    verified: method.verified,
    timeJoined: method.timeJoined,
    recipeId: method.recipeId,
    ...(email === undefined ? {} : { email }),
    ...(phoneNumber === undefined ? {} : { phoneNumber }),
    ...(thirdParty === undefined ? {} : { thirdParty: { id: thirdParty.id, userId: thirdParty.userId } }),
    ...(accountKey === undefined ? {} : { accountKey }),
  };
}

type WithUser = { status: 'OK'; user: User; recipeUserId: string };

/** `{status, user, recipeUserId}` of a result that has them; any other as it is. */
export function withUserAnswer<Other extends { status: string }>(result: WithUser | Other, version: CdiVersion) {
  if (!isWithUser(result)) return result;
  return { status: result.status, user: userAnswer(result.user, version), recipeUserId: result.recipeUserId };
}

function isWithUser(result: { status: string }): result is WithUser {
  return result.status === 'OK';
}
