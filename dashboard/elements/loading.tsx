import type { ComponentChildren } from 'preact';

/** What is loaded: lines that hold its room, what went wrong, or the content, dimmed while newer is loaded. */
export function Loading<T>({
  loaded,
  lines = 3,
  children,
}: {
  loaded: { value: T | undefined; error: string | undefined; isLoading: boolean; reload(): Promise<void> };
  /** How many lines of text the content has, more or less. */
  lines?: number;
  children: (value: T) => ComponentChildren;
}) {
  const { value, error, isLoading, reload } = loaded;
  if (error !== undefined) {
    return (
      <div role="alert" class="failed">
        <p>{error}</p>
        <button type="button" class="button plain" onClick={() => void reload()}>
          Try again
        </button>
      </div>
    );
  }
  if (value === undefined) {
    return (
      <div class="skeleton" role="status">
        <span class="only-heard">Loading</span>
        {Array.from({ length: lines }, (_, line) => (
          <span key={line} aria-hidden="true" />
        ))}
      </div>
    );
  }
  return <div aria-busy={isLoading}>{children(value)}</div>;
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
