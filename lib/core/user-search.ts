import { BadInputError } from './auth.error.js';

/**
 * Whom a list of users is about: those with one login method that matches each member given, by any of its texts. Texts are the
 * beginnings of what is looked for; empty ones do not count.
 */
export interface UserSearch {
  /** Beginnings of an email address, or of what follows its `@`. Upper and lower case are the same. */
  emails?: readonly string[];
  /** Beginnings of a phone number. */
  phoneNumbers?: readonly string[];
  /** Beginnings of a provider's id, such as `google`. */
  thirdPartyIds?: readonly string[];
}

/** A search as drivers of a core say it: each member is one text, or several with semicolons between them. */
export interface UserQuery {
  /** Beginnings of an email address, or of what follows its `@`. */
  email?: string;
  /** Beginnings of a phone number. */
  phone?: string;
  /** Beginnings of a provider's id, such as `google`. */
  provider?: string;
}

/** By which users are found, as the wire names them. */
export const SEARCH_TAGS = ['email', 'phone', 'provider'] as const satisfies (keyof UserQuery)[];

/** @throws {BadInputError} it has other members, or ones that are no texts */
export function searchOfQuery(query: UserQuery): UserSearch {
  if (typeof query !== 'object' || query === null) throw new BadInputError('query must be an object');
  const unknown = Object.keys(query).find((name) => !SEARCH_TAGS.some((tag) => tag === name));
  if (unknown !== undefined) {
    throw new BadInputError(`query has no ${JSON.stringify(unknown)}: users are found by ${SEARCH_TAGS.join(', ')}`);
  }
  const [emails, phoneNumbers, thirdPartyIds] = SEARCH_TAGS.map((tag) => {
    const text: unknown = query[tag];
    if (text !== undefined && typeof text !== 'string') throw new BadInputError(`${tag} of query must be a text`);
    return text?.split(';');
  });
  return { emails, phoneNumbers, thirdPartyIds };
}

/** Each is a walk along an index. */
const MAX_TEXTS = 50;

/**
 * @returns the search with its texts as they are stored; undefined where it names nothing
 * @throws {BadInputError} something that is no list of texts, or too many
 */
export function checkedSearch(search: UserSearch | undefined): UserSearch | undefined {
  if (search === undefined) return undefined;
  const emails = texts('emails', search.emails).map((text) => text.toLowerCase());
  const phoneNumbers = texts('phoneNumbers', search.phoneNumbers);
  const thirdPartyIds = texts('thirdPartyIds', search.thirdPartyIds);
  const count = emails.length + phoneNumbers.length + thirdPartyIds.length;
  if (count > MAX_TEXTS) throw new BadInputError(`A search names at most ${MAX_TEXTS} texts`);
  return count === 0 ? undefined : { emails, phoneNumbers, thirdPartyIds };
}

function texts(name: keyof UserSearch, list: readonly string[] = []): string[] {
  if (!Array.isArray(list) || !list.every((text) => typeof text === 'string')) {
    throw new BadInputError(`${name} must be a list of texts`);
  }
  return [...new Set(list.map((text) => text.trim()))].filter((text) => text !== '');
}
