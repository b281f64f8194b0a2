import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { RevocationJournal, type RevocationPage } from '../revocation-journal.js';
import { type PagePosition, type Revocation, RevocationsStorage } from './storage/revocations.storage.js';
import type { SqlAuthDatabase } from './storage/sql-auth-database.js';

const MAX_KEPT_HANDLES = 100_000;
/** Rows of an answer, each with a thousand handles at most: fewer bytes than a driver takes. */
const PAGE_ROWS = 200;

/** Keeps what its feed heard last, for processes that ask for it. A process that is further behind reads the whole table. */
export class EmbeddedRevocationJournal extends RevocationJournal {
  private readonly name = randomUUID();
  private readonly storage: RevocationsStorage;
  private readonly kept: string[][] = [];
  private keptHandles = 0;
  /** The number of the first that is kept. */
  private first = 0;
  private isAsked = false;
  private readonly waiting = new Set<() => void>();

  constructor(database: SqlAuthDatabase) {
    super();
    this.storage = new RevocationsStorage(database);
  }

  /** Of the feed of this process, also what it was told before. */
  add({ kind, subjects }: Revocation): void {
    if (kind !== 'sessions' || !this.isAsked) return;
    this.kept.push(subjects);
    this.keptHandles += subjects.length;
    while (this.keptHandles > MAX_KEPT_HANDLES) {
      this.keptHandles -= this.kept.shift()!.length;
      this.first++;
    }
    for (const wake of this.waiting) wake();
  }

  override async since(input: { position?: string; waitMs: number; signal?: AbortSignal }): Promise<RevocationPage> {
    this.isAsked = true;
    const { end, row } = this.read(input.position);
    if (row !== undefined) return this.load(end, row);
    if (end === this.end) await this.next(input.waitMs, input.signal);
    // What was dropped while somebody waited is read again from the table.
    if (end < this.first) return this.load(this.end, undefined);
    return {
      position: this.write({ end: this.end }),
      isComplete: true,
      ended: this.kept.slice(end - this.first).flat(),
    };
  }

  private get end(): number {
    return this.first + this.kept.length;
  }

  private async load(end: number, after: PagePosition | undefined): Promise<RevocationPage> {
    const rows = await this.storage.readPage(after ?? { position: '0', id: '' }, PAGE_ROWS);
    const ended = rows.filter(({ kind }) => kind === 'sessions').flatMap(({ subjects }) => subjects);
    const last = rows.length < PAGE_ROWS ? undefined : rows.at(-1);
    const row = last && { position: last.position, id: last.id };
    return { position: this.write({ end, row }), isComplete: row === undefined, ended };
  }

  private async next(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    const over = new AbortController();
    const wake = () => over.abort();
    this.waiting.add(wake);
    signal?.addEventListener('abort', wake);
    await delay(waitMs, undefined, { signal: over.signal }).catch(() => undefined);
    signal?.removeEventListener('abort', wake);
    this.waiting.delete(wake);
  }

  private write({ end, row }: { end: number; row?: PagePosition }): string {
    return [this.name, end, ...(row === undefined ? [] : [row.position, row.id])].join(' ');
  }

  /** From the beginning where the position is of another process, or too old. */
  private read(text = ''): { end: number; row?: PagePosition } {
    const [name, number, position, id] = text.split(' ');
    const end = Number(number);
    const isKnown = name === this.name && Number.isInteger(end) && end >= this.first && end <= this.end;
    if (!isKnown) return { end: this.end, row: { position: '0', id: '' } };
    if (position === undefined || id === undefined || !/^\d{1,19}$/.test(position)) return { end };
    return { end, row: { position, id } };
  }
}
