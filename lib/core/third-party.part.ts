import type { CorePart } from './core-part.js';
import { ThirdPartyCore } from './third-party.core.js';

export const thirdPartyPart: CorePart<ThirdPartyCore> = {
  id: 'thirdparty',
  port: ThirdPartyCore,
};
