import type { CorePart } from './core-part.js';
import type { EmbeddedEngine } from './embedded-engine.js';
import type { RemoteCoreEngine } from './remote-core-engine.js';
import { ThirdPartyCore } from '../third-party.core.js';

export const thirdPartyPart: CorePart<ThirdPartyCore> = {
  id: 'thirdparty',
  port: ThirdPartyCore,
  async embedded(engine: EmbeddedEngine) {
    const { EmbeddedThirdPartyCore } = await import('../embedded/embedded-third-party.core.js');
    return new EmbeddedThirdPartyCore(engine);
  },
  async remote({ client, tenantList, tenants, users, facts }: RemoteCoreEngine) {
    const { RemoteThirdPartyCore } = await import('../remote/remote-third-party.core.js');
    return new RemoteThirdPartyCore(client, tenantList, tenants, users, facts);
  },
  loginMethod: { takenStatus: 'THIRD_PARTY_USER_ALREADY_EXISTS_ERROR' },
};
