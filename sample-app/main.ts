import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { prepareApplication } from './prepare-application.js';
import { Settings } from './settings/settings.js';

const app = prepareApplication(await NestFactory.create<NestExpressApplication>(AppModule));
// Ctrl+C then closes the databases as well.
app.enableShutdownHooks();
const { port, localURL } = app.get(Settings);

try {
  await app.listen(port);
  console.log(`\nThe sample is up: open ${localURL} (Ctrl+C stops it)\n`);
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  console.error(`\nPort ${port} is taken. Choose another one: PORT=${port === 65_535 ? 3000 : port + 1} npm start\n`);
  process.exitCode = 1;
  await app.close();
}
