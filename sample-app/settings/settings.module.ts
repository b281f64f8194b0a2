import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { readEnvironment } from './environment.js';
import { Settings } from './settings.js';

@Global()
@Module({
  imports: [ConfigModule.forRoot({ validate: readEnvironment })],
  providers: [Settings],
  exports: [Settings],
})
export class SettingsModule {}
