import { Injectable } from '@nestjs/common';
import { AuthDatabase, EmailPasswordFunctions, type SignUpInput } from 'latchkey';
import type { PoolClient } from 'pg';

@Injectable()
export class SignUpWithPg extends EmailPasswordFunctions {
  constructor(private readonly database: AuthDatabase) {
    super();
  }

  override signUp(input: SignUpInput) {
    return this.database.transaction(async () => {
      const result = await super.signUp(input);
      if (result.status !== 'OK') return result;

      const client = await this.database.postgresClient<PoolClient>();
      const handle = input.email.split('@')[0];
      await client.query('insert into profiles (user_id, handle) values ($1, $2)', [result.user.id, handle]);
      return result;
    });
  }
}
