import { domainToASCII, domainToUnicode } from 'node:url';
import { BadInputError } from './auth.error.js';

/** RFC 5321 §4.5.3.1: a path has 256, with `<` and `>`. In bytes of the address as it is sent. */
export const MAX_EMAIL_LENGTH = 254;
const MAX_LOCAL_PART_LENGTH = 64;

/** RFC 5321 `Dot-string`, without quotes, comments, lists or routes, which mail servers read in different ways. */
const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const DOT_STRING = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'i');
/** With the letters of RFC 6531. */
const WIDE_ATOM = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const WIDE_DOT_STRING = new RegExp(`^${WIDE_ATOM}(?:\\.${WIDE_ATOM})*$`, 'u');
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'i');
const NOT_ASCII = /[^\0-\x7f]/;

/** An address that a mail server can be asked to deliver to. */
export interface EmailAddress {
  /** As mail servers take it: an internationalised domain in its ASCII form (RFC 5891). */
  address: string;
  localPart: string;
  /** In ASCII. */
  domain: string;
  /** Whether the local part has letters that only servers with SMTPUTF8 take (RFC 6531). */
  needsSmtpUtf8: boolean;
}

/**
 * The one rule for addresses, of sign-up and of delivery alike: what sign-up takes can be sent to.
 *
 * Letters beyond ASCII are taken only in their canonical form (NFKC, and the form that a domain has after a journey
 * through its ASCII form), so that no two texts that look alike are two addresses. A domain may also come in its ASCII form, which is
 * the same mailbox under another text: compare `address` where that matters.
 *
 * @returns undefined for anything that a mail server might take for something else
 */
export function parseEmailAddress(text: unknown): EmailAddress | undefined {
  if (typeof text !== 'string' || text.length > MAX_EMAIL_LENGTH) return undefined;
  const at = text.lastIndexOf('@');
  if (at < 1) return undefined;
  const localPart = text.slice(0, at);
  const domain = asciiDomain(text.slice(at + 1));
  if (domain === undefined || !isLocalPart(localPart)) return undefined;
  const address = `${localPart}@${domain}`;
  if (Buffer.byteLength(address) > MAX_EMAIL_LENGTH) return undefined;
  return { address, localPart, domain, needsSmtpUtf8: NOT_ASCII.test(localPart) };
}

/** An ASCII address at a domain that the whole internet knows: what sign-up takes without a validator of the application. */
export function isPublicAsciiAddress(text: string): boolean {
  return !NOT_ASCII.test(text) && parseEmailAddress(text)?.domain.includes('.') === true;
}

/** The one form in which emails are stored and compared: trimmed and lower-cased, nothing more. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

/**
 * For whatever stores an email. It is not asked of those that are stored already: 0.1.0 took longer ones.
 * @throws {BadInputError} no mail server takes an address of that length
 */
export function assertEmailLength(email: string): void {
  if (email.length > MAX_EMAIL_LENGTH)
    throw new BadInputError(`email must have at most ${MAX_EMAIL_LENGTH} characters`);
}

function isLocalPart(text: string): boolean {
  if (Buffer.byteLength(text) > MAX_LOCAL_PART_LENGTH) return false;
  return DOT_STRING.test(text) || (WIDE_DOT_STRING.test(text) && text === text.normalize('NFKC'));
}

/** ASCII stays as it is: `domainToASCII` would read `1.2` as an IP address and decode `%41`. */
function asciiDomain(text: string): string | undefined {
  if (!NOT_ASCII.test(text)) return DOMAIN.test(text) ? text : undefined;
  const ascii = domainToASCII(text);
  return DOMAIN.test(ascii) && domainToUnicode(ascii) === text.toLowerCase() ? ascii : undefined;
}
