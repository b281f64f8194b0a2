import { Global, Injectable, Module } from '@nestjs/common';
import {
  EmailPasswordFunctions,
  LegacySignIn,
  ThirdPartyEmailPasswordFunctions,
  type FindLegacyUserInput,
  type LegacyEmailInput,
  type LegacyUser,
} from 'latchkey';

/** A system that users come from: emails with a password and what is known of them. */
@Injectable()
export class OldSystem {
  readonly users = new Map<string, { password: string; user: LegacyUser }>();
  readonly questions: Omit<FindLegacyUserInput, 'userContext'>[] = [];
  /** What it fails with. */
  failure: Error | undefined;
  /** Lets several requests be in it at once. */
  pause: () => Promise<void> = async () => undefined;

  async verify({ email, password, tenantId }: FindLegacyUserInput): Promise<LegacyUser | undefined> {
    this.questions.push({ email, password, tenantId });
    await this.pause();
    if (this.failure !== undefined) throw this.failure;
    const found = this.users.get(email);
    return found?.password === password ? found.user : undefined;
  }
}

@Global()
@Module({ providers: [OldSystem], exports: [OldSystem] })
export class OldSystemModule {}

@Injectable()
export class MovedUsers extends LegacySignIn(EmailPasswordFunctions) {
  constructor(readonly old: OldSystem) {
    super();
  }

  override async findLegacyUser(input: FindLegacyUserInput) {
    return this.old.verify(input);
  }

  override async legacyEmailExists({ email }: LegacyEmailInput) {
    return this.old.users.has(email);
  }
}

@Injectable()
export class MovedCombinedUsers extends LegacySignIn(ThirdPartyEmailPasswordFunctions) {
  constructor(readonly old: OldSystem) {
    super();
  }

  override async findLegacyUser(input: FindLegacyUserInput) {
    return this.old.verify(input);
  }
}
