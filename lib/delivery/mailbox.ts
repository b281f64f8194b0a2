import { parseEmailAddress } from '../core/email-address.js';

/** Who an email comes from. */
export interface Mailbox {
  name?: string;
  address: string;
}

/** @param text `support@example.com` or `Acme <support@example.com>` */
export function parseMailbox(text: string): Mailbox | undefined {
  const [, name = '', inBrackets = text] = /^([^<>]*)<([^<>]*)>$/.exec(text.trim()) ?? [];
  const { address } = parseEmailAddress(inBrackets.trim()) ?? {};
  if (address === undefined) return undefined;
  const trimmed = singleLine(name).replace(/^"(.*)"$/, '$1');
  return trimmed === '' ? { address } : { name: trimmed, address };
}

/**
 * Text as a header or a subject may have it: on one line, and without the characters that turn the direction of
 * writing, by which a name can be made to look like another.
 */
export function singleLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
