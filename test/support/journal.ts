import { Injectable, Module } from '@nestjs/common';

/** Remembers what happened, in order: a dependency that overrides in tests inject. */
@Injectable()
export class Journal {
  readonly entries: string[] = [];

  write(entry: string): void {
    this.entries.push(entry);
  }
}

@Module({ providers: [Journal], exports: [Journal] })
export class JournalModule {}
