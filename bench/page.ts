/** @returns the page with another text between the markers of that part, which name the script that writes it */
export function replacePart(page: string, part: string, script: string, text: string): string {
  const [begin, end] = [`<!-- ${part}: made by npm run ${script} -->`, `<!-- end of ${part} -->`];
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The page has no part ${part}`);
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}

export function table(head: string[], rows: string[][]): string {
  const lines = [head, head.map((_, at) => (at === 0 ? '---' : '--:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}
