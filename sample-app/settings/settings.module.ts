import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { environment } from './environment.js';
import { Settings } from './settings.js';

@Global()
@Module({
  imports: [ConfigModule.forRoot({ load: [environment] })],
  providers: [Settings],
  exports: [Settings],
})
export class SettingsModule {}
