const actions = { opened: 0, typed: 0 };

addEventListener('hashchange', () => (actions.opened += 1), { capture: true });
addEventListener('input', () => (actions.typed += 1), { capture: true });

export interface Person {
  hasOpened(): boolean;
  hasTyped(): boolean;
}

/**
 * What the person does from now on. Ask it before an answer of the server changes what is shown: an answer that comes
 * late must not replace what the person has opened meanwhile.
 */
export function watchPerson(): Person {
  const { opened, typed } = actions;
  return { hasOpened: () => actions.opened !== opened, hasTyped: () => actions.typed !== typed };
}
