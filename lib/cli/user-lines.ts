import { BadInputError } from '../core/auth.error.js';
import { accountNames, type IgnoredMember, readImportedUser } from '../core/imported-user.js';
import type { ImportedUser, ImportUserResult, UserImportCore } from '../core/user-import.core.js';
import type { Line } from './read-lines.js';
import { SeenKeys } from './seen-keys.js';

/** What became of the lines so far. */
export interface ImportCounts {
  lines: number;
  imported: number;
  alreadyImported: number;
  refused: number;
}

interface UserLinesSettings {
  ignored: readonly IgnoredMember[];
  dryRun: boolean;
  /** Called for each line that was not imported, in their order. */
  onRefused(line: number, reason: string): void;
}

type Entry = { line: number; user: ImportedUser; names: Name[] } | { line: number; reason: string };

interface Name {
  key: string;
  what: string;
}

/** So many users are in one transaction: more make it hardly faster, and what a killed process loses is less. */
const BATCH = 500;

/** Takes lines with a user in each, and imports them in batches. */
export class UserLines {
  readonly counts: ImportCounts = { lines: 0, imported: 0, alreadyImported: 0, refused: 0 };
  private readonly seen = new SeenKeys();
  private batch: Entry[] = [];
  private readonly pending = new Set<string>();

  constructor(
    private readonly core: UserImportCore,
    private readonly options: UserLinesSettings,
  ) {}

  /** @returns whether a batch was written */
  async take(line: Line): Promise<boolean> {
    const entry = this.read(line);
    if (entry === undefined) return false;
    const names = 'user' in entry ? entry.names : [];
    // Whether the other one of the same name is imported is not known before.
    const isAfter = names.some(({ key }) => this.pending.has(key));
    if (isAfter) await this.flush();
    const earlier = names
      .map(({ key, what }) => ({ what, line: this.seen.lineOf(key) }))
      .find((name) => name.line !== undefined);
    if (earlier === undefined) {
      this.batch.push(entry);
      for (const { key } of names) this.pending.add(key);
    } else this.batch.push({ line: line.number, reason: `line ${earlier.line} has the same ${earlier.what}` });
    if (this.batch.length < BATCH) return isAfter;
    await this.flush();
    return true;
  }

  async flush(): Promise<void> {
    const batch = this.batch;
    const users = batch.flatMap((entry) => ('user' in entry ? entry.user : []));
    const results = (await this.importUsers(users)).values();
    for (const entry of batch) {
      this.counts.lines++;
      const result = 'user' in entry ? results.next().value! : undefined;
      if ('reason' in entry) this.refuse(entry.line, entry.reason);
      else if (result!.status === 'REFUSED_ERROR') this.refuse(entry.line, result!.reason);
      else {
        this.counts[result!.status === 'OK' ? 'imported' : 'alreadyImported']++;
        for (const { key } of entry.names) this.seen.add(key, entry.line);
      }
    }
    this.batch = [];
    this.pending.clear();
  }

  private refuse(line: number, reason: string): void {
    this.counts.refused++;
    this.options.onRefused(line, reason);
  }

  private read(line: Line): Entry | undefined {
    if ('problem' in line) return { line: line.number, reason: line.problem };
    if (line.text === '') return undefined;
    const value = parse(line.text);
    if (value === undefined) return { line: line.number, reason: 'is not JSON' };
    try {
      const user = readImportedUser(value, this.options.ignored);
      return { line: line.number, user, names: namesOf(user) };
    } catch (error) {
      if (error instanceof BadInputError) return { line: line.number, reason: error.publicMessage };
      throw error;
    }
  }

  /** What the database does not take concerns one of them: the others are imported without it. */
  private async importUsers(users: ImportedUser[]): Promise<ImportUserResult[]> {
    const { dryRun } = this.options;
    if (users.length === 0) return [];
    try {
      return await this.core.importUsers(users, { dryRun });
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      if (users.length === 1) return [{ status: 'REFUSED_ERROR', reason: error.publicMessage }];
    }
    const results: ImportUserResult[] = [];
    for (const user of users) results.push(...(await this.importUsers([user])));
    return results;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function namesOf({ externalUserId, loginMethods }: ImportedUser): Name[] {
  const accounts = loginMethods.flatMap((method) => {
    const what = method.recipeId === 'emailpassword' ? `email ${method.email}` : `account of ${method.thirdPartyId}`;
    return accountNames(method).map((key) => ({ key, what }));
  });
  return externalUserId === undefined ? accounts : [...accounts, { key: externalUserId, what: 'externalUserId' }];
}
