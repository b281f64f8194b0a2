import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  ForbiddenException,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
} from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { PermissionClaim, Session, type SessionContainer } from 'latchkey';
import { ProjectsService, type Project } from './projects.service.js';

const MAX_NAME_LENGTH = 100;

class NewProject {
  @ApiProperty({ type: String, example: 'Analytical Engine', maxLength: MAX_NAME_LENGTH })
  name?: unknown;
}

/** Who may do what is said where it is done; the roles behind the permissions are in users/permissions.ts. */
@Controller('api/projects')
@Session({ permissions: ['projects:read'] })
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  list(): Promise<Project[]> {
    return this.projects.list();
  }

  @Post()
  @Session({ permissions: ['projects:write'] })
  start(@Session('userId') userId: string, @Body() { name }: NewProject = {}): Promise<{ id: string }> {
    const text = typeof name === 'string' ? name.trim() : '';
    if (text === '' || text.length > MAX_NAME_LENGTH) {
      throw new BadRequestException(`Give a name of at most ${MAX_NAME_LENGTH} characters.`);
    }
    return this.projects.start(text, userId);
  }

  /** One's own, or with the permission anybody's. */
  @Delete(':id')
  @HttpCode(204)
  async close(
    @Session({ permissions: ['projects:write'] }) session: SessionContainer,
    @Param('id') id: string,
  ): Promise<void> {
    const owner = await this.projects.ownerOf(id);
    if (owner === undefined) throw new NotFoundException();
    const mayCloseAll = (await session.getClaimValue(PermissionClaim))?.includes('projects:close') ?? false;
    if (owner !== session.getUserId() && !mayCloseAll) throw new ForbiddenException('This project is somebody else’s.');
    await this.projects.close(id);
  }
}
