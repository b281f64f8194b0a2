import { Body, Controller, Get, Post } from '@nestjs/common';
import { Session } from 'latchkey';

@Controller(':tenantId/notes')
@Session({ tenant: 'from-path' })
export class NotesController {
  private readonly notes = new Map<string, string[]>();

  @Get()
  list(@Session('tenantId') tenantId: string): string[] {
    return this.notes.get(tenantId) ?? [];
  }

  @Post()
  add(@Session('tenantId') tenantId: string, @Body('text') text: string): string[] {
    const notes = [...this.list(tenantId), text];
    this.notes.set(tenantId, notes);
    return notes;
  }
}
