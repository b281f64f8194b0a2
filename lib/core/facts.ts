/**
 * What is true of a user and may be copied elsewhere, as a claim copies it into sessions. Other recipes, and the
 * application, add theirs:
 *
 * ```ts
 * declare module 'latchkey' {
 *   interface FactNames {
 *     department: true;
 *   }
 * }
 * ```
 */
export interface FactNames {
  /** The email of a login method. */
  email: true;
}

/** Something about a user that claims speak of. A recipe adds its own to `FactNames`. */
export type Fact = keyof FactNames;

/** Whose fact it is: a user's with all login methods, or that of one login method. */
export type FactOwner = { userId: string } | { recipeUserId: string };

/** Whose fact has changed. */
export type FactChange = { fact: Fact } & FactOwner;

/** Called after a change, within its transaction where there is one. */
export type FactListener = (change: FactChange) => Promise<void>;

/**
 * Who owns a fact announces here that it has changed, and who keeps a copy of it listens. Injectable: an application
 * that keeps departments, or the addresses of its users, announces those itself.
 *
 * ```ts
 * await this.database.transaction(async () => {
 *   await this.staff.move(userId, 'sales');
 *   await this.facts.announce({ fact: 'department', userId });
 * });
 * ```
 */
export class Facts {
  private readonly listeners: FactListener[] = [];

  /** Calls `listener` for every later change, in the transaction of the announcer; it reads the new value itself. */
  listen(listener: FactListener): void {
    this.listeners.push(listener);
  }

  /** Whether anybody listens: what is announced costs nothing to find out where nobody does. */
  get isHeard(): boolean {
    return this.listeners.length > 0;
  }

  /**
   * To be called after the change was written, in the same transaction, so that both are kept or neither is.
   * @throws whatever a listener throws: the change must not stay without its copies
   */
  async announce(change: FactChange): Promise<void> {
    for (const listener of this.listeners) await listener(change);
  }
}
