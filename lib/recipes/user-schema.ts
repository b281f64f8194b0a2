import { flag, listOf, members, text, type RouteSchema } from '../http/route-schema.js';

const thirdParty = members({ id: text('The provider'), userId: text('The user there') });

const loginMethod = members(
  {
    recipeId: text(),
    recipeUserId: text(),
    tenantIds: listOf(text()),
    timeJoined: { type: 'integer', description: 'Milliseconds since the Unix epoch' },
    verified: flag,
  },
  { email: text(), phoneNumber: text(), thirdParty },
);

/** A user, as clients of FDI 1.18 and later read it. */
export const userSchema: RouteSchema = members({
  id: text(),
  isPrimaryUser: flag,
  tenantIds: listOf(text()),
  timeJoined: { type: 'integer', description: 'Milliseconds since the Unix epoch' },
  emails: listOf(text()),
  phoneNumbers: listOf(text()),
  thirdParty: listOf(thirdParty),
  loginMethods: listOf(loginMethod),
});
