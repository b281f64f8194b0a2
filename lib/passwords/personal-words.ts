/** Shorter ones are in too many passwords by chance. */
const MIN_LENGTH = 4;

/**
 * Whether a password holds an email address or what is before its at sign or its plus sign, in whatever case and with whatever
 * signs between the letters.
 */
export function holdsEmail(password: string, email: string): boolean {
  const localPart = email.slice(0, email.lastIndexOf('@'));
  return [email, localPart, localPart.split('+')[0]!].some((part) => holdsWord(password, part));
}

/** Whether a password holds a word of at least four letters and digits, in whatever case and with whatever signs between. */
export function holdsWord(password: string, word: string): boolean {
  const letters = lettersOf(word);
  return Array.from(letters).length >= MIN_LENGTH && lettersOf(password).includes(letters);
}

function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
