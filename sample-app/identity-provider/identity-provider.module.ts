import { Module } from '@nestjs/common';
import { Settings } from '../settings/settings.js';
import { ConfiguredIdentityProvider } from './configured-identity-provider.js';
import { IdentityProvider } from './identity-provider.js';
import { LocalIdentityProvider } from './local-identity-provider.js';
import { NoIdentityProvider } from './no-identity-provider.js';

@Module({
  providers: [
    {
      provide: IdentityProvider,
      inject: [Settings],
      useFactory: (settings: Settings): IdentityProvider => {
        const { identityProvider } = settings;
        if (identityProvider === 'none') return new NoIdentityProvider();
        if (identityProvider === 'local') return new LocalIdentityProvider(settings);
        return new ConfiguredIdentityProvider(identityProvider);
      },
    },
  ],
  exports: [IdentityProvider],
})
export class IdentityProviderModule {}
