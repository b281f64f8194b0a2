import type { ComponentChildren } from 'preact';

export function Tag({ kind, children }: { kind?: 'good' | 'bad' | 'warn'; children: ComponentChildren }) {
  return <span class={kind === undefined ? 'tag' : `tag ${kind}`}>{children}</span>;
}

/** An id, all of which one click selects. */
export function Id({ text }: { text: string }) {
  return <code class="id">{text}</code>;
}
