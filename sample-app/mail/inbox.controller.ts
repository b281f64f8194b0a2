import { Controller, Get, Header, NotFoundException, Param, ParseIntPipe, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type CaughtEmail, MailCatcher } from './mail-catcher.js';
import { emailDocument, emailPage, inboxPage } from './inbox-page.js';
import { ThisMachineGuard } from './this-machine.guard.js';

const HTML = 'text/html; charset=utf-8';

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** No scripts, no origin, and no more than the email brings along, wherever it is opened. */
const EMAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; " +
  "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** The emails that were caught, as pages. */
@ApiExcludeController()
@Controller('inbox')
@UseGuards(ThisMachineGuard)
export class InboxController {
  constructor(private readonly catcher: MailCatcher) {}

  @Get()
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', PAGE_POLICY)
  list(): string {
    return inboxPage(this.catcher.list());
  }

  @Get(':id')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', PAGE_POLICY)
  show(@Param('id', ParseIntPipe) id: number): string {
    return emailPage(this.find(id));
  }

  @Get(':id/html')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', EMAIL_POLICY)
  html(@Param('id', ParseIntPipe) id: number): string {
    return emailDocument(this.find(id));
  }

  private find(id: number): CaughtEmail {
    const email = this.catcher.find(id);
    if (email === undefined) throw new NotFoundException();
    return email;
  }
}
