import { createRemoteCore } from '../../core/parts/remote-core.js';
import { CoreClient } from '../../core/remote/core-client.js';
import { readableOriginsOf, type RemoteCoreOptions } from '../../core/remote/remote-core.options.js';
import { TenantsCore } from '../../core/tenants.core.js';
import { type Finding, ok, problemOf, warning } from './finding.js';

/** Asks the core for its version, and for something that needs the key. */
export async function checkCoreService(options: RemoteCoreOptions): Promise<Finding[]> {
  const found = readableOriginsOf(options.connectionURI).map((origin) =>
    warning('core', `${origin} is asked over http, so that the key can be read on the way. Use https`),
  );
  try {
    const version = await new CoreClient(options).version();
    const core = await createRemoteCore(options);
    await core.port(TenantsCore).listTenants();
    await core.close();
    return [...found, ok('core', `Answers, and speaks ${version} of the Core Driver Interface`)];
  } catch (error) {
    return [...found, problemOf('core', error, 'Start the core, and look at connectionURI and apiKey')];
  }
}
