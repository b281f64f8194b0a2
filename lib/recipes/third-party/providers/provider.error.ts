import { AuthError, type AuthErrorOptions } from '../../../core/auth.error.js';

/** Something went wrong between us and an identity provider. `detail` is for the log: it may quote the provider. */
export class ProviderError extends AuthError {
  declare readonly code: 'PROVIDER_REFUSED' | 'PROVIDER_UNAVAILABLE';
}

/** The provider is down, slow, or answers nonsense: trying again later may help. */
export class ProviderUnavailableError extends ProviderError {
  declare readonly code: 'PROVIDER_UNAVAILABLE';

  constructor(provider: { id: string; name: string }, options: AuthErrorOptions) {
    super(
      'PROVIDER_UNAVAILABLE',
      `Signing in with ${provider.name} is not possible at the moment. Please try again later.`,
      {
        ...options,
        detail: `provider ${provider.id}: ${options.detail}`,
      },
    );
  }
}

/** What the client brings is not accepted: a code that was used, a token that is forged or for somebody else. */
export class ProviderRefusedError extends ProviderError {
  declare readonly code: 'PROVIDER_REFUSED';

  constructor(provider: { id: string; name: string }, options: AuthErrorOptions) {
    super('PROVIDER_REFUSED', `Signing in with ${provider.name} did not succeed. Please try again.`, {
      ...options,
      detail: `provider ${provider.id}: ${options.detail}`,
    });
  }
}
