import { Module } from '@nestjs/common';
import { LocalIdentityProvider } from './local-identity-provider.js';

@Module({ providers: [LocalIdentityProvider], exports: [LocalIdentityProvider] })
export class IdentityProviderModule {}
