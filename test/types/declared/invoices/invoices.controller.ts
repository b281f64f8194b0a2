import { Body, Controller, Get, Post } from '@nestjs/common';
import { CurrentUser, Session, type User } from 'latchkey';

interface Invoice {
  text: string;
  writtenBy: string | undefined;
}

@Controller('invoices')
@Session({ permissions: ['invoices:read'] })
export class InvoicesController {
  private readonly invoices = new Map<string, Invoice[]>();

  @Get()
  list(@Session('tenantId') tenantId: string): Invoice[] {
    return this.invoices.get(tenantId) ?? [];
  }

  @Post()
  @Session({ permissions: ['invoices:write'] })
  write(@Session('tenantId') tenantId: string, @CurrentUser() user: User, @Body('text') text: string): Invoice {
    const invoice = { text, writtenBy: user.emails[0] };
    this.invoices.set(tenantId, [...this.list(tenantId), invoice]);
    return invoice;
  }
}
