/** Shorter ones are in too many passwords by chance. */
const MIN_LENGTH = 4;

const LETTER = String.raw`[\p{L}\p{M}]`;
const SIGNS = String.raw`[^\p{L}\p{M}\p{N}]`;
const ALL_SIGNS = new RegExp(SIGNS, 'gu');

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
  const spelt = Array.from(letters).join(`${SIGNS}*`);
  return new RegExp(`(?<!${LETTER})${spelt}(?!${LETTER})`, 'u').test(folded(password));
}

function isLongEnough(letters: string): boolean {
  return Array.from(letters).length >= MIN_LENGTH;
}

function withoutSigns(text: string): string {
  return folded(text).replace(ALL_SIGNS, '');
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
