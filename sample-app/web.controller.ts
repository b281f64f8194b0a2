import { fileURLToPath } from 'node:url';
import { Controller, Get, Header, Res } from '@nestjs/common';
import type { Response } from 'express';

/** `index.html`, and beside it what it asks for. */
export const webFolder = fileURLToPath(new URL('web', import.meta.url));

@Controller()
export class WebController {
  /** One page for all: its script shows what belongs to the address, such as those that the links of emails lead to. */
  @Get(['/', 'auth/reset-password', 'auth/verify-email', 'auth/callback/local'])
  @Header('Cache-Control', 'no-cache')
  page(@Res() response: Response): void {
    response.sendFile('index.html', { root: webFolder, cacheControl: false });
  }
}
