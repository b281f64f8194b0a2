import type { AttemptRate } from '../core/attempts.core.js';
import type { UserContext } from './user-context.js';

/** The names of our actions, each added by its recipe, so that editors know them. */
// oxlint-disable-next-line no-empty-interface, no-empty-object-type
export interface AttemptActions {}

/** What is attempted: one of ours, or of a recipe from elsewhere. */
export type AttemptActionName = keyof AttemptActions | (string & {});

/**
 * How often something may be attempted, by what is counted together. Where there are several rates, each of them must have
 * room; `[]` is no limit. All of it is within one tenant: what others do there never counts here.
 */
export interface AttemptRates {
  /** By one account, from devices that are not known to be its own. @default [] */
  account?: readonly AttemptRate[];
  /** By one account from one device on which it has signed in. @default as for `account` */
  device?: readonly AttemptRate[];
  /** By one address of IPv4, or network of 64 bits of IPv6; from devices that are not known. @default [] */
  address?: readonly AttemptRate[];
  /** By everybody in the tenant. @default [] */
  tenant?: readonly AttemptRate[];
}

/** Something that a recipe lets nobody attempt as often as they like. */
export interface AttemptAction extends AttemptRates {
  /**
   * Whether what succeeds was no attempt: it is taken back, and those of the account before it are forgotten. For
   * what is guessed, such as a password; not for what is a burden whenever it is done, such as sending an email.
   * @default false
   */
  forgivesSuccess?: boolean;
}

/** Somebody attempts something. */
export interface Attempt {
  action: AttemptActionName;
  tenantId: string;
  /** What the client says whose account it is, such as an email. Whether there is such an account makes no difference. */
  account?: string;
  /** Holds the request, which tells the address and the device. */
  userContext?: UserContext;
}

/** An attempt that came too soon after others. */
export interface RefusedAttempt extends Attempt {
  by: 'account' | 'device' | 'address' | 'tenant';
  /** As clients are told: never too little, and a little more at random, so that they do not all come back at once. */
  retryAfterSeconds: number;
}
