/** What the processes of bench/limits.ts say to one another. */
export const GUESS = 'a wrong guess 1';

export interface ReplicaOptions {
  postgres: string;
  schema: string;
  domain: string;
}

/** To a replica. It answers `{ checks }`: how many guesses have reached a password check since they were last taken. */
export type Order = { kind: 'make-accounts'; count: number } | { kind: 'take-checks' };

/** To the attacker, which says `half` when half of the guesses are answered, and at the end how they all were. */
export interface Attack {
  replicas: string[];
  guesses: number;
  /** In turn. */
  emails: string[];
  /** In turn, too: the first for the first guess, and so on. */
  addresses: string[];
}

/** How many guesses were answered how. */
export type Answers = Record<'wrong' | 'limited' | 'overloaded' | 'other', number>;
