import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { securityHeaders } from './security-headers.js';
import { localURL, port, webFolder } from './settings.js';

const app = await NestFactory.create<NestExpressApplication>(AppModule);
app.disable('x-powered-by');
app.use(securityHeaders);
app.useStaticAssets(webFolder, {
  index: false,
  // The names stay the same from one build to the next, so a browser asks each time; mostly it is told 304.
  setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
});
// Ctrl+C then closes the databases as well.
app.enableShutdownHooks();

try {
  await app.listen(port);
  console.log(`\nThe sample is up: open ${localURL} (Ctrl+C stops it)\n`);
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  console.error(`\nPort ${port} is taken. Choose another one: PORT=${port === 65_535 ? 3000 : port + 1} npm start\n`);
  process.exitCode = 1;
  await app.close();
}
