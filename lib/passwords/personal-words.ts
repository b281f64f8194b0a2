/** Shorter ones are in too many passwords by chance. */
const MIN_LENGTH = 4;

const SIGNS = /[^\p{L}\p{M}\p{N}]/gu;
const NO_SIGN = /[\p{L}\p{M}\p{N}]/gu;
const LETTER_AT_END = /[\p{L}\p{M}]$/u;
const LETTER_AT_START = /^[\p{L}\p{M}]/u;

/**
 * Whether a password holds an email address; or what is before its at sign or its plus sign, as a word of its own: many of those
 * are words of a language, such as the "victim" in "victims".
 */
export function holdsEmail(password: string, email: string): boolean {
  const localPart = email.slice(0, email.lastIndexOf('@'));
  return (
    holdsWord(password, email) || [localPart, localPart.split('+')[0]!].some((part) => holdsOwnWord(password, part))
  );
}

/** Whether a password holds a word of at least four letters and digits, in whatever case and with whatever signs between. */
export function holdsWord(password: string, word: string): boolean {
  const letters = withoutSigns(word);
  return isLongEnough(letters) && withoutSigns(password).includes(letters);
}

/** As `holdsWord`, and with no other letter directly before and behind. */
function holdsOwnWord(password: string, word: string): boolean {
  const letters = withoutSigns(word);
  if (!isLongEnough(letters)) return false;
  const text = folded(password);
  let stripped = '';
  /** Where each unit of `stripped` is in `text`. */
  const places: number[] = [];
  for (const { 0: character, index } of text.matchAll(NO_SIGN)) {
    for (let unit = 0; unit < character.length; unit++) places.push(index + unit);
    stripped += character;
  }
  for (let at = stripped.indexOf(letters); at >= 0; at = stripped.indexOf(letters, at + 1)) {
    const start = places[at]!;
    const end = places[at + letters.length - 1]! + 1;
    const isInWord =
      LETTER_AT_END.test(text.slice(Math.max(0, start - 2), start)) || LETTER_AT_START.test(text.slice(end, end + 2));
    if (!isInWord) return true;
  }
  return false;
}

function isLongEnough(letters: string): boolean {
  return Array.from(letters).length >= MIN_LENGTH;
}

function withoutSigns(text: string): string {
  return folded(text).replace(SIGNS, '');
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
