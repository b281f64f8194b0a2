import { Injectable } from '@nestjs/common';
import { AuthDatabase, EmailPasswordFunctions, type SignUpInput } from 'latchkey';

export interface AppTables {
  profiles: { user_id: string; handle: string };
}

@Injectable()
export class SignUpWithKysely extends EmailPasswordFunctions {
  constructor(private readonly database: AuthDatabase) {
    super();
  }

  override signUp(input: SignUpInput) {
    return this.database.transaction(async () => {
      const result = await super.signUp(input);
      if (result.status !== 'OK') return result;

      const db = await this.database.current<AppTables>();
      const handle = input.email.split('@')[0]!;
      await db.insertInto('profiles').values({ user_id: result.user.id, handle }).execute();
      return result;
    });
  }
}
