import type { NestExpressApplication } from '@nestjs/platform-express';
import { getAllCORSHeaders } from 'latchkey';
import { serveApiReference } from './api-reference/api-reference.js';
import { securityHeaders } from './security-headers.js';
import { Settings } from './settings/settings.js';
import { webFolder } from './web-folder.js';

/** What the sample sets up besides its modules, when it is started and when it is tested. */
export function prepareApplication(app: NestExpressApplication): NestExpressApplication {
  app.disable('x-powered-by');
  const { trustedProxies, pageOrigins } = app.get(Settings);
  if (trustedProxies !== undefined) app.set('trust proxy', trustedProxies);
  if (pageOrigins.length > 0) {
    app.enableCors({ origin: pageOrigins, credentials: true, allowedHeaders: getAllCORSHeaders() });
  }
  app.use(securityHeaders);
  app.useStaticAssets(webFolder, {
    index: false,
    redirect: false,
    // The names stay the same from one build to the next, so a browser asks each time; mostly it is told 304.
    setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
  });
  serveApiReference(app);
  return app;
}
