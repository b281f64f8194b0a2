/** What the methods of `DashboardApi` do, as people say it. */
const WORDS: Record<string, string> = {
  signInPOST: 'signed in to the dashboard',
  outboxRetryPOST: 'sent messages again',
  rolePUT: 'made a role, or added permissions',
  roleDELETE: 'deleted a role',
  rolePermissionsRemovePUT: 'removed permissions of a role',
  userRolesPUT: 'gave a role',
  userRolesDELETE: 'took a role',
  userPUT: 'changed a user',
  userDELETE: 'deleted a user',
  emailPasswordUserPOST: 'created a user',
  passwordlessUserPOST: 'created a user',
  userEmailVerifyPUT: 'marked an address',
  userEmailVerifyTokenPOST: 'sent a verification email',
  userMetadataPUT: 'changed metadata',
  userSessionsPOST: 'ended sessions',
  userPasswordPUT: 'changed a password',
  tenantPOST: 'made a tenant',
  tenantDELETE: 'deleted a tenant',
  tenantFirstFactorPUT: 'changed a first factor',
  tenantRequiredSecondaryFactorPUT: 'changed a second factor',
  tenantCoreConfigPUT: 'changed a setting of the core',
  thirdPartyConfigPUT: 'changed a provider',
  thirdPartyConfigDELETE: 'removed a provider',
};

/** @returns the name of the method itself where it is not known here */
export function wordsForAction(action: string): string {
  return WORDS[action] ?? action;
}
