import { ConfigurationError } from '../auth.error.js';
import { Core, type Port } from '../core.js';
import { EmailPasswordCore } from '../email-password.core.js';
import { EmailVerificationCore } from '../email-verification.core.js';
import { Facts } from '../facts.js';
import { AuthDatabase } from '../embedded/storage/auth-database.js';
import { SessionsCore } from '../sessions.core.js';
import { SigningKeysCore } from '../signing-keys.core.js';
import { TenantConfigCore } from '../tenant-config.core.js';
import { TenantsCore } from '../tenants.core.js';
import { ThirdPartyCore } from '../third-party.core.js';
import { UserIdMappingCore } from '../user-id-mapping.core.js';
import { UserMetadataCore } from '../user-metadata.core.js';
import { UsersCore } from '../users.core.js';
import { CoreClient } from './core-client.js';
import { RemoteAuthDatabase } from './remote-auth-database.js';
import type { RemoteCoreOptions } from './remote-core.options.js';
import { RemoteEmailPasswordCore } from './remote-email-password.core.js';
import { RemoteEmailVerificationCore } from './remote-email-verification.core.js';
import { RemoteKeyRing } from './remote-key-ring.js';
import { RemoteSessionsCore } from './remote-sessions.core.js';
import { RemoteSigningKeysCore } from './remote-signing-keys.core.js';
import { RemoteTenantConfigCore } from './remote-tenant-config.core.js';
import { RemoteTenantsCore } from './remote-tenants.core.js';
import { RemoteThirdPartyCore } from './remote-third-party.core.js';
import { RemoteUserIdMappingCore } from './remote-user-id-mapping.core.js';
import { RemoteUserMetadataCore } from './remote-user-metadata.core.js';
import { RemoteUsersCore } from './remote-users.core.js';

export interface RemoteCoreDependencies {
  /** Milliseconds since the Unix epoch. Default `Date.now`; tests move it. */
  clock?: () => number;
}

/** Speaks to a core in another process. Nothing is sent before the first call: the core need not be up yet. */
export function createRemoteCore(
  options: RemoteCoreOptions,
  { clock = () => Date.now() }: RemoteCoreDependencies = {},
): Core {
  const client = new CoreClient(options);
  const ring = new RemoteKeyRing(client, clock);
  const tenants = new RemoteTenantsCore(client);
  const configs = new RemoteTenantConfigCore(client, tenants, clock);
  const users = new RemoteUsersCore(client, tenants);
  const facts = new Facts();
  const emailPassword = new RemoteEmailPasswordCore(client, users, configs, facts);
  return new RemoteCore(
    new Map<Port<unknown>, object>([
      [AuthDatabase, new RemoteAuthDatabase()],
      [TenantsCore, tenants],
      [TenantConfigCore, configs],
      [SigningKeysCore, new RemoteSigningKeysCore(client, ring)],
      [UsersCore, users],
      [Facts, facts],
      [EmailPasswordCore, emailPassword],
      [SessionsCore, new RemoteSessionsCore({ client, ring, users, credentials: emailPassword, clock })],
      [EmailVerificationCore, new RemoteEmailVerificationCore(client, facts)],
      [ThirdPartyCore, new RemoteThirdPartyCore(client, tenants, configs, users, facts)],
      [UserMetadataCore, new RemoteUserMetadataCore(client)],
      [UserIdMappingCore, new RemoteUserIdMappingCore(client)],
    ]),
  );
}

class RemoteCore extends Core {
  constructor(private readonly ports: ReadonlyMap<Port<unknown>, object>) {
    super();
  }

  port<T>(port: Port<T>): T {
    const implementation = this.ports.get(port);
    if (implementation === undefined) {
      throw new ConfigurationError(
        `A core in another process has no ${port.name}. Use core: { postgres } or { sqlite }, or remove what needs it`,
      );
    }
    return implementation as T;
  }

  offers(port: Port<unknown>): boolean {
    return this.ports.has(port);
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  async close(): Promise<void> {}
}
