import { IdentityProvider } from './identity-provider.js';

/** In production, where no provider is named: the local one would believe every name. */
export class NoIdentityProvider extends IdentityProvider {
  readonly entry = undefined;
  readonly what = '';
  readonly discoveryURL = undefined;
  readonly isUp = undefined;
}
