import { AttemptsCore } from '../attempts.core.js';
import { ConfigurationError } from '../auth.error.js';
import type { CorePart } from './core-part.js';
import { coreParts, portsOf } from './core-parts.js';
import { Core, type Port } from '../core.js';
import { Facts } from '../facts.js';
import { MultitenancyCore } from '../multitenancy.core.js';
import { AuthDatabase } from '../auth-database.js';
import { AbsentRevocationFeed, RevocationFeed } from '../revocation-feed.js';
import { resolveRevocationFeed } from '../revocation-feed.options.js';
import { SessionsCore } from '../sessions.core.js';
import { SigningKeysCore } from '../signing-keys.core.js';
import { TenantConfigCore } from '../tenant-config.core.js';
import { TenantsCore } from '../tenants.core.js';
import { UserIdMappingCore } from '../user-id-mapping.core.js';
import { UserMetadataCore } from '../user-metadata.core.js';
import { UsersCore } from '../users.core.js';
import { CoreClient } from '../remote/core-client.js';
import { RemoteAttemptsCore } from '../remote/remote-attempts.core.js';
import { RemoteAuthDatabase } from '../remote/remote-auth-database.js';
import type { RemoteCoreEngine } from './remote-core-engine.js';
import { DEFAULT_TIMEOUT_MS, type RemoteCoreOptions } from '../remote/remote-core.options.js';
import { RemoteKeyRing } from '../remote/remote-key-ring.js';
import { RemoteMultitenancyCore } from '../remote/remote-multitenancy.core.js';
import { RemoteRevocationFeed } from '../remote/remote-revocation-feed.js';
import { RemoteSessionsCore } from '../remote/remote-sessions.core.js';
import { RemoteSigningKeysCore } from '../remote/remote-signing-keys.core.js';
import { RemoteTenantConfigCore } from '../remote/remote-tenant-config.core.js';
import { RemoteTenantsCore } from '../remote/remote-tenants.core.js';
import { RemoteUserIdMappingCore } from '../remote/remote-user-id-mapping.core.js';
import { RemoteUserMetadataCore } from '../remote/remote-user-metadata.core.js';
import { RemoteUsersCore } from '../remote/remote-users.core.js';

interface RemoteCoreDependencies {
  /** Milliseconds since the Unix epoch; tests move it. @default Date.now */
  clock?: () => number;
  /** Of recipes from elsewhere, beside our own. */
  parts?: readonly CorePart[];
}

/** Speaks to a core in another process. Nothing is sent before the first call: the core need not be up yet. */
export async function createRemoteCore(
  options: RemoteCoreOptions,
  { clock = () => Date.now(), parts: others = [] }: RemoteCoreDependencies = {},
): Promise<Core> {
  const client = new CoreClient(options);
  const ring = new RemoteKeyRing(client, clock);
  const tenants = new RemoteTenantsCore(client);
  const configs = new RemoteTenantConfigCore(client, tenants, clock);
  const users = new RemoteUsersCore(client, tenants);
  const facts = new Facts();
  const ports = new Map<Port<unknown>, object>();
  const feed = feedOf(options, client, clock);
  const core = new RemoteCore(ports, feed);
  const engine: RemoteCoreEngine = {
    client,
    tenants: configs,
    tenantList: tenants,
    users,
    facts,
    port: (port) => core.port(port),
  };
  // A part that says nothing of such a core is missed where its port is asked for: at boot.
  const parts = [...coreParts, ...others].filter(({ remote }) => remote !== undefined);
  const portsOfParts = await portsOf(parts, (part) => part.remote!(engine));
  const all: [Port<unknown>, object][] = [
    [AuthDatabase, new RemoteAuthDatabase()],
    [RevocationFeed, feed ?? new AbsentRevocationFeed('revocationFeed is false')],
    [AttemptsCore, new RemoteAttemptsCore(client, clock)],
    [TenantsCore, tenants],
    [TenantConfigCore, configs],
    [MultitenancyCore, new RemoteMultitenancyCore(client, tenants, configs)],
    [SigningKeysCore, new RemoteSigningKeysCore(client, ring)],
    [UsersCore, users],
    [Facts, facts],
    ...portsOfParts,
    [SessionsCore, new RemoteSessionsCore({ client, ring, users, clock, feed })],
    [UserMetadataCore, new RemoteUserMetadataCore(client)],
    [UserIdMappingCore, new RemoteUserIdMappingCore(client)],
  ];
  for (const [port, implementation] of all) ports.set(port, implementation);
  return core;
}

/** @returns undefined where the options switch it off */
function feedOf(
  { revocationFeed, timeoutMs = DEFAULT_TIMEOUT_MS }: RemoteCoreOptions,
  client: CoreClient,
  clock: () => number,
): RemoteRevocationFeed | undefined {
  if (revocationFeed === false) return undefined;
  return new RemoteRevocationFeed({ client, clock, timeoutMs, options: resolveRevocationFeed(revocationFeed) });
}

class RemoteCore extends Core {
  constructor(
    private readonly ports: ReadonlyMap<Port<unknown>, object>,
    private readonly feed: RemoteRevocationFeed | undefined,
  ) {
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

  async close(): Promise<void> {
    await this.feed?.stop();
  }
}
