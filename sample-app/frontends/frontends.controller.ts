import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { webFolder } from '../web-folder.js';
import { sayNothingToRefresh } from './nothing-to-refresh.js';
import { frontendOf, rememberFrontend } from './used-frontend.js';

/** Two frontends on the same API. A real application has one. */
@ApiExcludeController()
@Controller()
export class FrontendsController {
  /** What the sample is, and where to go from there. */
  @Get()
  @Header('Cache-Control', 'no-cache')
  front(@Res() response: Response): void {
    sendPage(response, 'front.html');
  }

  @Get('plain')
  @Header('Cache-Control', 'no-cache')
  plain(@Req() request: Request, @Res() response: Response): void {
    rememberFrontend('plain', response);
    this.page(request, response);
  }

  /** One page for all: its script shows what belongs to the address. */
  @Get('auth/callback/local')
  @Header('Cache-Control', 'no-cache')
  page(@Req() request: Request, @Res() response: Response): void {
    sayNothingToRefresh(request, response);
    sendPage(response, 'index.html');
  }

  /** Where the links of emails lead to: from there to the frontend that this browser used last. */
  @Get(['auth/reset-password', 'auth/verify-email'])
  @Header('Cache-Control', 'no-cache')
  linked(@Req() request: Request, @Res() response: Response): void {
    if (frontendOf(request) === 'login') response.redirect(request.originalUrl.replace(/^\/auth\//, '/login/'));
    else this.page(request, response);
  }

  /** The page in React, with the finished UI of supertokens-auth-react. */
  @Get(['login', 'login/*path'])
  @Header('Cache-Control', 'no-cache')
  login(@Req() request: Request, @Res() response: Response): void {
    rememberFrontend('login', response);
    sayNothingToRefresh(request, response);
    sendPage(response, 'login/index.html');
  }
}

function sendPage(response: Response, file: string): void {
  response.sendFile(file, { root: webFolder, cacheControl: false });
}
