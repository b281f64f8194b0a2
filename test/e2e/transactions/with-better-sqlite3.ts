import { Injectable } from '@nestjs/common';
import type { Database } from 'better-sqlite3';
import { AuthDatabase, EmailPasswordFunctions, type SignUpInput } from 'latchkey';

@Injectable()
export class SignUpWithBetterSqlite3 extends EmailPasswordFunctions {
  constructor(private readonly database: AuthDatabase) {
    super();
  }

  override signUp(input: SignUpInput) {
    return this.database.transaction(async () => {
      const result = await super.signUp(input);
      if (result.status !== 'OK') return result;

      const sqlite = await this.database.sqliteDatabase<Database>();
      const handle = input.email.split('@')[0];
      sqlite.prepare('insert into profiles (user_id, handle) values (?, ?)').run(result.user.id, handle);
      return result;
    });
  }
}
