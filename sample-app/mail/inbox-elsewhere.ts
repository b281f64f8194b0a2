import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Settings } from '../settings/settings.js';
import { noInboxPage } from './inbox-page.js';

/** Where a real mail server takes the emails, this process has none to show: it says where they are. */
@Injectable()
export class InboxElsewhere implements NestMiddleware {
  constructor(private readonly settings: Settings) {}

  use(_request: Request, response: Response, next: NextFunction): void {
    const { smtp, inboxURL } = this.settings;
    if (smtp === undefined) next();
    else if (inboxURL === undefined) response.type('html').send(noInboxPage());
    else response.redirect(inboxURL);
  }
}
