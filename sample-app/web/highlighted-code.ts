import { textElement } from './page.js';

const TOKEN = new RegExp(
  [
    String.raw`(?<comment>/\*[\s\S]*?\*/|//.*)`,
    "(?<text>'(?:[^'\\\\\\n]|\\\\.)*'|`(?:[^`\\\\]|\\\\.)*`)",
    String.raw`(?<decorator>@\w+)`,
    String.raw`(?<keyword>\b(?:async|await|class|const|constructor|else|export|extends|if|new|override|private|readonly|return|super|this|throw|undefined)\b)`,
  ].join('|'),
  'g',
);

/** TypeScript with a class for each kind of word. Scrolls sideways by keyboard, too. */
export function highlighted(code: string): HTMLElement {
  const block = textElement('pre', '', 'code');
  block.tabIndex = 0;
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? '';
    block.append(code.slice(end, match.index), textElement('span', match[0], kind));
    end = match.index + match[0].length;
  }
  block.append(code.slice(end));
  return block;
}
