import type { Migrations } from '../migration.js';
import * as initial from './0001-initial.js';
import * as emailVerification from './0002-email-verification.js';
import * as emailOutbox from './0003-email-outbox.js';
import * as thirdParty from './0004-third-party.js';
import * as coreService from './0005-core-service.js';
import * as tenantConfig from './0006-tenant-config.js';
import * as oneTimeTokens from './0007-one-time-tokens.js';
import * as accountKeys from './0008-account-keys.js';
import * as attempts from './0009-attempts.js';
import * as thirdPartyIssuers from './0010-third-party-issuers.js';
import * as sharedClaims from './0011-shared-claims.js';
import * as outboxLines from './0012-outbox-lines.js';
import * as userSearch from './0013-user-search.js';
import * as formerPasswords from './0014-former-passwords.js';
import * as revocations from './0015-revocations.js';
import * as userRoles from './0016-user-roles.js';
import * as unseenRefreshTokens from './0017-unseen-refresh-tokens.js';
import * as dashboard from './0018-dashboard.js';
import * as userActivity from './0019-user-activity.js';
import * as outboxTenants from './0020-outbox-tenants.js';

/** Those of the core itself. */
export const coreMigrations: Migrations = {
  '0001-initial': initial,
  '0002-email-verification': emailVerification,
  '0003-email-outbox': emailOutbox,
  '0004-third-party': thirdParty,
  '0005-core-service': coreService,
  '0006-tenant-config': tenantConfig,
  '0007-one-time-tokens': oneTimeTokens,
  '0008-account-keys': accountKeys,
  '0009-attempts': attempts,
  '0010-third-party-issuers': thirdPartyIssuers,
  '0011-shared-claims': sharedClaims,
  '0012-outbox-lines': outboxLines,
  '0013-user-search': userSearch,
  '0014-former-passwords': formerPasswords,
  '0015-revocations': revocations,
  '0016-user-roles': userRoles,
  '0017-unseen-refresh-tokens': unseenRefreshTokens,
  '0018-dashboard': dashboard,
  '0019-user-activity': userActivity,
  '0020-outbox-tenants': outboxTenants,
};
