import { Module } from '@nestjs/common';
import { IdentityProviderModule } from '../identity-provider/identity-provider.module.js';
import { ActiveOverrides } from './active-overrides.js';
import { TourController } from './tour.controller.js';

/** The front page’s, and no part of what an application needs. */
@Module({ imports: [IdentityProviderModule], controllers: [TourController], providers: [ActiveOverrides] })
export class TourModule {}
