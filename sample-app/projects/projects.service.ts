import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppDatabase } from '../database/app-database.js';

export interface Project {
  id: string;
  name: string;
  owner: string;
  ownerId: string;
  createdAt: string;
}

@Injectable()
export class ProjectsService {
  constructor(private readonly database: AppDatabase) {}

  /** The newest first. */
  async list(): Promise<Project[]> {
    const db = await this.database.current();
    return db
      .selectFrom('projects')
      .innerJoin('profiles', 'profiles.user_id', 'projects.owner_id')
      .select(['id', 'name', 'display_name as owner', 'owner_id as ownerId', 'created_at as createdAt'])
      .orderBy('created_at', 'desc')
      .limit(100)
      .execute();
  }

  async start(name: string, ownerId: string): Promise<{ id: string }> {
    const db = await this.database.current();
    const id = randomUUID();
    const project = { id, name, owner_id: ownerId, created_at: new Date().toISOString() };
    await db.insertInto('projects').values(project).execute();
    return { id };
  }

  async ownerOf(id: string): Promise<string | undefined> {
    const db = await this.database.current();
    const project = await db.selectFrom('projects').select('owner_id').where('id', '=', id).executeTakeFirst();
    return project?.owner_id;
  }

  async close(id: string): Promise<void> {
    const db = await this.database.current();
    await db.deleteFrom('projects').where('id', '=', id).execute();
  }
}
