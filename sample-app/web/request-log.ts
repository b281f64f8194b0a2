import { element, textElement } from './page.js';

const KEPT = 10;

/**
 * Lists what goes over the wire. To be called before SuperTokens.init, which puts its own interception around
 * this `fetch`: so the calls that it adds, and the answers that it hides, are seen as well.
 */
export function logRequests(): void {
  const send = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const startedAtMs = performance.now();
    const response = await send(input, init);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    add(method.toUpperCase(), response, Math.round(performance.now() - startedAtMs));
    return response;
  };
}

function add(method: string, { status, url }: Response, durationMs: number): void {
  const item = document.createElement('li');
  item.append(
    textElement('span', String(status), status < 400 ? 'status-code' : 'status-code refused'),
    textElement('code', `${method} ${new URL(url).pathname}`),
    textElement('span', `${durationMs} ms`),
  );
  const log = element('requests');
  log.prepend(item);
  while (log.children.length > KEPT) log.lastElementChild!.remove();
}
