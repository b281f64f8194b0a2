import { highlighted } from './highlighted-code.js';
import { element, textElement } from './page.js';
import { trials, type Trial } from './trials.js';

interface RunningPart {
  name: string;
  what: string;
  url: string;
  /** Undefined where the server does not know. */
  isUp?: boolean;
}

interface ActiveOverride {
  className: string;
  extends: string;
  file: string;
  summary: string;
  code: string;
}

interface Tour {
  parts: RunningPart[];
  overrides: ActiveOverride[];
}

const { parts, overrides } = (await (await fetch('/api/tour')).json()) as Tour;
element('parts').replaceChildren(...parts.map(partItem));
element('overrides').replaceChildren(...overrides.map(overrideItem));

function partItem({ name, what, url, isUp }: RunningPart): HTMLElement {
  const item = textElement('li', '', 'card tile');
  const link = textElement('a', name) as HTMLAnchorElement;
  link.href = url;
  item.append(link);
  if (isUp !== undefined) item.append(textElement('span', isUp ? 'runs' : 'is down', isUp ? 'state' : 'state down'));
  item.append(textElement('p', what));
  return item;
}

/** What it does on the left, the lines that make it on the right. */
function overrideItem({ className, extends: base, file, summary, code }: ActiveOverride): HTMLElement {
  const item = textElement('li', '', 'card override');
  const words = textElement('div', '', 'words');
  const title = textElement('h3', className);
  const kind = textElement('p', 'overrides ', 'hint');
  kind.append(textElement('code', base));
  words.append(title, kind, textElement('p', summary));
  const trial = trials[className];
  if (trial !== undefined) words.append(...trialElements(trial));
  const figure = document.createElement('figure');
  figure.append(textElement('figcaption', `sample-app/${file}`), highlighted(code));
  item.append(words, figure);
  return item;
}

function trialElements({ label, run }: Trial): HTMLElement[] {
  const button = textElement('button', label, 'quiet');
  const answer = textElement('pre', '', 'answer');
  answer.setAttribute('role', 'status');
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    answer.textContent = await run().catch((error: unknown) => `The server cannot be reached: ${String(error)}`);
    button.removeAttribute('aria-disabled');
  });
  return [button, answer];
}
