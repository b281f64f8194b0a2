import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** Where people look at the API, and programs at `/api-reference-json`. */
export const API_REFERENCE_PATH = 'api-reference';

/** The page of Swagger UI. Latchkey's routes are in the document by themselves. */
export function serveApiReference(app: INestApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Latchkey sample')
    .addBearerAuth()
    .addCookieAuth('sAccessToken')
    .build();
  SwaggerModule.setup(API_REFERENCE_PATH, app, () => SwaggerModule.createDocument(app, config), {
    customSiteTitle: 'API of the Latchkey sample',
    swaggerOptions: { docExpansion: 'list', tagsSorter: 'alpha' },
  });
}
