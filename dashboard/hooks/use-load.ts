import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Loaded<T> {
  /** The newest that has come; it stays while newer is loaded, so that the page does not jump. */
  value: T | undefined;
  /** Why there is none. */
  error: Error | undefined;
  isLoading: boolean;
  /** Loads it again, as after a change. */
  reload(): Promise<void>;
}

/**
 * Loads something whenever `inputs` change. A late answer to earlier inputs is dropped, and its request is cancelled.
 * @param load must pass the signal on
 * @param delayMs waits so long for inputs that change again
 */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, inputs: unknown[], delayMs = 0): Loaded<T> {
  const [state, setState] = useState<Pick<Loaded<T>, 'value' | 'error' | 'isLoading'>>({
    value: undefined,
    error: undefined,
    isLoading: true,
  });
  const newest = useRef<AbortController>(undefined);
  const newestLoad = useRef(load);
  newestLoad.current = load;

  const reload = useCallback(async () => {
    newest.current?.abort();
    const controller = new AbortController();
    newest.current = controller;
    setState((before) => ({ ...before, isLoading: true }));
    try {
      const value = await newestLoad.current(controller.signal);
      if (!controller.signal.aborted) setState({ value, error: undefined, isLoading: false });
    } catch (error) {
      if (controller.signal.aborted) return;
      setState({ value: undefined, error: error as Error, isLoading: false });
    }
  }, []);

  useEffect(() => {
    if (delayMs === 0) void reload();
    const timer = delayMs === 0 ? undefined : setTimeout(() => void reload(), delayMs);
    return () => {
      clearTimeout(timer);
      newest.current?.abort();
    };
  }, inputs);

  return { ...state, reload };
}
