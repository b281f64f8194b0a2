import type { User } from '../core/users.core.js';
import { knowsLoginMethods } from '../http/fdi-version.js';

/** An `OK` answer with its user as clients of that version of the wire read it; nothing else leaves. */
export function userAnswer({ user }: { status: 'OK'; user: User }, fdiVersion: string): object {
  return { status: 'OK', user: knowsLoginMethods(fdiVersion) ? user : flatUser(user) };
}

/** Before 1.18, and in 2.x, a user had one login method. */
function flatUser(user: User): object {
  const [method] = user.loginMethods;
  return {
    id: user.id,
    timeJoined: user.timeJoined,
    ...(method?.email === undefined ? {} : { email: method.email }),
    ...(method?.thirdParty === undefined ? {} : { thirdParty: method.thirdParty }),
    tenantIds: user.tenantIds,
  };
}
