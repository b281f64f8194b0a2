/** @throws {Error} the page has no such element: script and HTML do not belong together */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no element #${id}`);
  return found as T;
}

/** Says something to everybody, those who listen to the page included. */
export function announce(message: string): void {
  element('status').textContent = message;
}

/** Text only, never markup: what is shown may come from others. */
export function textElement(tag: string, text: string, className = ''): HTMLElement {
  const child = document.createElement(tag);
  child.textContent = text;
  child.className = className;
  return child;
}

export type View = 'sign-in' | 'sign-up' | 'forgot' | 'new-password' | 'verify-email' | 'account';

/** Shows one part of the page, and moves the focus there when it replaces another. */
export function showView(view: View): void {
  const before = shownView();
  element('loading').hidden = true;
  for (const each of views()) each.hidden = each.id !== view;
  element('who').hidden = view !== 'account';
  if (before !== undefined && before !== view) element(`${view}-title`).focus();
}

/** @returns undefined until the first part is shown */
export function shownView(): View | undefined {
  return views().find((each) => !each.hidden)?.id as View | undefined;
}

function views(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-view]')];
}
