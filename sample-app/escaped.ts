/** Text as HTML shows it, also inside of an attribute: nothing of it is markup. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
