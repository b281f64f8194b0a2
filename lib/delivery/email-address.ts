import { UndeliverableEmailError } from './email-delivery.js';

/** RFC 5321 §4.5.3.1. */
const MAX_ADDRESS_LENGTH = 254;
const MAX_LOCAL_PART_LENGTH = 64;

/**
 * An address without quoting, comments, lists or routes (RFC 5321 `Dot-string`), in ASCII: other letters would have to
 * be mapped, and two addresses that look alike might then become one.
 */
const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})*$`, 'i');

export function isEmailAddress(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text.length <= MAX_ADDRESS_LENGTH &&
    text.indexOf('@') <= MAX_LOCAL_PART_LENGTH &&
    ADDRESS.test(text)
  );
}

/**
 * Exactly one recipient.
 * @throws {UndeliverableEmailError} anything that a mail server might take for something else
 */
export function assertEmailAddress(text: unknown): asserts text is string {
  if (isEmailAddress(text)) return;
  throw new UndeliverableEmailError('the address of the recipient is not one that can be sent to');
}

export interface Mailbox {
  name?: string;
  address: string;
}

/** @param text `support@example.com` or `Acme <support@example.com>` */
export function parseMailbox(text: string): Mailbox | undefined {
  const [, name = '', address = text] = /^([^<>]*)<([^<>]*)>$/.exec(text.trim()) ?? [];
  if (!isEmailAddress(address.trim())) return undefined;
  const trimmed = singleLine(name).replace(/^"(.*)"$/, '$1');
  return trimmed === '' ? { address: address.trim() } : { name: trimmed, address: address.trim() };
}

/**
 * Text as it may stand in a header or a subject: on one line, and without the characters that turn the direction of
 * writing, by which a name can be made to look like another.
 */
export function singleLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
