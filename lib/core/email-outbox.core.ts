import type { JsonObject } from './json.types.js';

/**
 * `decoys` are sent to nobody: they only cost what an email costs, so that nobody can tell who has an account. They wait in
 * a line of their own, so that however many of them hold up no email.
 */
export type OutboxLine = 'messages' | 'decoys';

/** Where those wait that were given up: nobody claims them. */
export const GIVEN_UP = 'given-up';

export interface NewOutboxEmail {
  /** What is sent, in the words of the code that reads it back. */
  kind: string;
  content: JsonObject;
  /** The email goes with its user. */
  recipeUserId: string;
  /** And with its tenant, or when the user leaves it. */
  tenantId?: string;
  /** Milliseconds since the Unix epoch: when the email is of no use any more. */
  expiresAtMs: number;
  /** @default 'messages' */
  line?: OutboxLine;
}

/** A place in line; void as soon as somebody else has claimed the email, since each claim counts as an attempt. */
export interface EmailClaim {
  emailId: string;
  /** 1 for the first. */
  attempt: number;
}

export interface ClaimedEmail extends NewOutboxEmail, EmailClaim {}

export interface ClaimDueInput {
  limit: number;
  leaseMs: number;
  /** @default 'messages' */
  line?: OutboxLine;
  /** Only these; any of the line without it. */
  emailIds?: string[];
}

/**
 * Emails that are still to be sent. They are written in the transaction of what they tell of, and sent by the process that
 * claims them: for as long as its lease lasts nobody else does. If that process dies, others send the email once
 * the lease is over, so an email is sent at least once; twice where a process died after sending and before `remove`.
 */
export abstract class EmailOutboxCore {
  /** Within the caller's transaction if there is one. Due at once. */
  abstract enqueue(email: NewOutboxEmail): Promise<{ emailId: string }>;

  /**
   * Takes emails of one line that are due, expired ones too, the longest waiting first. Of several who call at once each
   * gets others.
   */
  abstract claimDue(input: ClaimDueInput): Promise<ClaimedEmail[]>;

  /** @returns the ids of those whose claim is not void; their leases last `leaseMs` from now */
  abstract renewLeases(claims: EmailClaim[], leaseMs: number): Promise<string[]>;

  /** Of an email that was sent. @returns false, and nothing is removed, when the claim is void */
  abstract remove(claim: EmailClaim): Promise<boolean>;

  /**
   * Claims the email no more, unless `retryGivenUp` brings it back before it expires. An expired one is removed.
   * @returns false, and nothing changes, when the claim is void
   */
  abstract giveUp(claim: EmailClaim): Promise<boolean>;

  /** Has all that were given up, and have not expired, claimed again from the first attempt on. @returns how many */
  abstract retryGivenUp(): Promise<number>;

  /** Gives the email back, to be claimed again later. @returns false, and nothing changes, when the claim is void */
  abstract retryLater(claim: EmailClaim, delayMs: number): Promise<boolean>;
}
