import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { sayNothingToRefresh } from './nothing-to-refresh.js';
import { Pages } from './pages.js';
import { frontendOf, rememberFrontend } from './used-frontend.js';

/** Two frontends on the same API. A real application has one. */
@ApiExcludeController()
@Controller()
export class FrontendsController {
  constructor(private readonly pages: Pages) {}

  /** What the sample is, and where to go from there. */
  @Get()
  @Header('Cache-Control', 'no-cache')
  front(@Res() response: Response): Promise<void> {
    return this.pages.send('front.html', response);
  }

  @Get('plain')
  @Header('Cache-Control', 'no-cache')
  plain(@Req() request: Request, @Res() response: Response): Promise<void> {
    rememberFrontend('plain', response);
    return this.page(request, response);
  }

  /** One page for all: its script shows what belongs to the address. */
  @Get('auth/callback/:thirdPartyId')
  @Header('Cache-Control', 'no-cache')
  page(@Req() request: Request, @Res() response: Response): Promise<void> {
    sayNothingToRefresh(request, response);
    return this.pages.send('index.html', response);
  }

  /** Where the links of emails lead to: from there to the frontend that this browser used last. */
  @Get(['auth/reset-password', 'auth/verify-email'])
  @Header('Cache-Control', 'no-cache')
  async linked(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (frontendOf(request) !== 'login') return this.page(request, response);
    response.redirect(request.originalUrl.replace(/^\/auth\//, '/login/'));
  }

  /** The page in React, with the finished UI of supertokens-auth-react. */
  @Get(['login', 'login/*path'])
  @Header('Cache-Control', 'no-cache')
  login(@Req() request: Request, @Res() response: Response): Promise<void> {
    rememberFrontend('login', response);
    sayNothingToRefresh(request, response);
    return this.pages.send('login/index.html', response);
  }
}
