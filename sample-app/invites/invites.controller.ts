import { BadRequestException, Body, Controller, Get, Post } from '@nestjs/common';
import { Session } from 'latchkey';
import { InvitesService, type Invitation } from './invites.service.js';

const MAX_ADDRESS_LENGTH = 254;
const EMAIL_OR_DOMAIN = /^[^\s@]*@[^\s@]+\.[^\s@]+$/;

@Controller('api/invitations')
@Session({ permissions: ['invites:manage'] })
export class InvitesController {
  constructor(private readonly invites: InvitesService) {}

  @Get()
  list(): Promise<Invitation[]> {
    return this.invites.list();
  }

  @Post()
  async add(@Body() body: { address?: unknown } | undefined): Promise<Invitation[]> {
    const address = typeof body?.address === 'string' ? body.address.trim().toLowerCase() : '';
    if (address.length > MAX_ADDRESS_LENGTH || !EMAIL_OR_DOMAIN.test(address)) {
      throw new BadRequestException('Give an email address, or @ and a domain, such as @example.com.');
    }
    await this.invites.add(address);
    return this.invites.list();
  }
}
