import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { webFolder } from '../web-folder.js';
import { sayNothingToRefresh } from './nothing-to-refresh.js';

@ApiExcludeController()
@Controller()
export class FrontendsController {
  /** What the sample is, and where to go from there. */
  @Get()
  @Header('Cache-Control', 'no-cache')
  front(@Res() response: Response): void {
    response.sendFile('front.html', { root: webFolder, cacheControl: false });
  }

  /** One page for all: its script shows what belongs to the address, such as those that the links of emails lead to. */
  @Get(['plain', 'auth/reset-password', 'auth/verify-email', 'auth/callback/local'])
  @Header('Cache-Control', 'no-cache')
  plain(@Req() request: Request, @Res() response: Response): void {
    sayNothingToRefresh(request, response);
    response.sendFile('index.html', { root: webFolder, cacheControl: false });
  }
}
