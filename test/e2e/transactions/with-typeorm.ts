import { Injectable } from '@nestjs/common';
import { AuthDatabase, EmailPasswordFunctions, type SignUpInput } from 'latchkey';
import { DataSource, EntitySchema } from 'typeorm';
import { joinedEntityManager } from './joined-entity-manager.js';

export const Profile = new EntitySchema<{ userId: string; handle: string }>({
  name: 'Profile',
  tableName: 'profiles',
  columns: {
    userId: { name: 'user_id', type: 'text', primary: true },
    handle: { type: 'text', unique: true },
  },
});

@Injectable()
export class SignUpWithTypeorm extends EmailPasswordFunctions {
  constructor(
    private readonly database: AuthDatabase,
    private readonly dataSource: DataSource,
  ) {
    super();
  }

  override signUp(input: SignUpInput) {
    return this.database.transaction(async () => {
      const result = await super.signUp(input);
      if (result.status !== 'OK') return result;

      const manager = await joinedEntityManager(this.database, this.dataSource);
      const handle = input.email.split('@')[0]!;
      await manager.save(Profile, { userId: result.user.id, handle });
      return result;
    });
  }
}
