import type { ComponentChildren } from 'preact';
import { RequestError } from '../client/request.error.js';
import type { Loaded } from '../hooks/use-load.js';
import { Button } from './button.js';

/** What is loaded: lines that hold its room, what went wrong, or the content, dimmed while newer is loaded. */
export function Loading<T>({
  loaded,
  lines = 3,
  children,
}: {
  loaded: Pick<Loaded<T>, 'value' | 'error' | 'isLoading' | 'reload'>;
  /** How many lines of text the content has, more or less. */
  lines?: number;
  children: (value: T) => ComponentChildren;
}) {
  const { value, error, isLoading, reload } = loaded;
  if (error instanceof RequestError && error.status === 'FEATURE_NOT_ENABLED_ERROR') {
    return <Empty>{error.message}</Empty>;
  }
  if (error !== undefined) {
    return (
      <div role="alert" class="failed">
        <p>{error.message}</p>
        <Button isBusy={isLoading} onClick={() => void reload()}>
          Try again
        </Button>
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
