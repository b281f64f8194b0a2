import type { LoginMethod, User } from '../../client/answers.types.js';

/** @returns the name of a user, or undefined; the API says `FEATURE_NOT_ENABLED` where there are no names */
export function nameOf({ firstName, lastName }: Pick<User, 'firstName' | 'lastName'>): string | undefined {
  const names = [firstName, lastName].filter((name) => name && name !== 'FEATURE_NOT_ENABLED');
  return names.length === 0 ? undefined : names.join(' ');
}

/** @returns by what people know a user: an email address, a phone number, or at least an id */
export function contactOf(user: User): string {
  return user.emails[0] ?? user.phoneNumbers[0] ?? user.id;
}

const RECIPES: Record<string, string> = { emailpassword: 'Password', passwordless: 'Passwordless' };
const PROVIDERS: Record<string, string> = {
  google: 'Google',
  'google-workspaces': 'Google Workspace',
  github: 'GitHub',
  gitlab: 'GitLab',
  apple: 'Apple',
  facebook: 'Facebook',
  linkedin: 'LinkedIn',
  discord: 'Discord',
  bitbucket: 'Bitbucket',
  'active-directory': 'Microsoft',
  okta: 'Okta',
  twitter: 'X',
};

export function methodName({ recipeId, thirdParty }: LoginMethod): string {
  if (thirdParty !== undefined) return PROVIDERS[thirdParty.id] ?? thirdParty.id;
  return RECIPES[recipeId] ?? recipeId;
}
