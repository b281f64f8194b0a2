import { useRef, useState } from 'preact/hooks';
import { useNotices } from './notices.js';

/**
 * Runs what a button does, once at a time; what goes wrong is shown as a notice.
 * @returns the function that runs it, and whether it runs
 */
export function useAction(): [(action: () => Promise<void>) => Promise<void>, boolean] {
  const notices = useNotices();
  const [isBusy, setBusy] = useState(false);
  const isRunning = useRef(false);

  async function run(action: () => Promise<void>): Promise<void> {
    if (isRunning.current) return;
    isRunning.current = true;
    setBusy(true);
    try {
      await action();
    } catch (error) {
      notices.fail((error as Error).message);
    } finally {
      isRunning.current = false;
      setBusy(false);
    }
  }
  return [run, isBusy];
}
