import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { webFolder } from '../web-folder.js';
import { sayNothingToRefresh } from './nothing-to-refresh.js';

@ApiExcludeController()
@Controller()
export class FrontendsController {
  /** One page for all: its script shows what belongs to the address, such as those that the links of emails lead to. */
  @Get(['/', 'auth/reset-password', 'auth/verify-email', 'auth/callback/local'])
  @Header('Cache-Control', 'no-cache')
  page(@Req() request: Request, @Res() response: Response): void {
    sayNothingToRefresh(request, response);
    response.sendFile('index.html', { root: webFolder, cacheControl: false });
  }
}
