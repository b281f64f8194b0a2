import { createContext, type ComponentChildren } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { Button } from './button.js';

const SHOWN_MS = 8000;

interface Notice {
  id: number;
  text: string;
  isFailure: boolean;
  undo?: () => Promise<void>;
}

/** Tells the person what has happened. */
export interface Notices {
  /** @param undo takes it back; the notice has a button for it */
  done(text: string, undo?: () => Promise<void>): void;
  /** Stays until the person closes it. */
  fail(text: string): void;
}

const Context = createContext<Notices>({ done: () => {}, fail: () => {} });

export function useNotices(): Notices {
  return useContext(Context);
}

let lastId = 0;

export function NoticesProvider({ children }: { children: ComponentChildren }) {
  const [list, setList] = useState<Notice[]>([]);
  const close = useCallback((id: number) => setList((before) => before.filter((notice) => notice.id !== id)), []);
  const notices = useMemo<Notices>(() => {
    const add = (notice: Omit<Notice, 'id'>) => setList((before) => [...before.slice(-2), { id: ++lastId, ...notice }]);
    return {
      done: (text, undo) => add({ text, undo, isFailure: false }),
      fail: (text) => add({ text, isFailure: true }),
    };
  }, []);
  return (
    <Context.Provider value={notices}>
      {children}
      <div class="notices">
        {/* Both regions are there before anything is in them: only then do screen readers announce it. */}
        <div role="status">
          {list.map((notice) => !notice.isFailure && <NoticeBox key={notice.id} notice={notice} close={close} />)}
        </div>
        <div role="alert">
          {list.map((notice) => notice.isFailure && <NoticeBox key={notice.id} notice={notice} close={close} />)}
        </div>
      </div>
    </Context.Provider>
  );
}

function NoticeBox({ notice, close }: { notice: Notice; close: (id: number) => void }) {
  const { id, text, isFailure, undo } = notice;
  const { fail } = useNotices();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isFailure || isHeld) return;
    const timer = setTimeout(() => close(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld]);

  async function takeBack(): Promise<void> {
    close(id);
    await undo?.().catch((error: Error) => fail(error.message));
  }

  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <div
      class={isFailure ? 'notice failure' : 'notice'}
      onMouseEnter={hold}
      onMouseLeave={release}
      onFocusIn={hold}
      onFocusOut={release}
    >
      <span>{text}</span>
      {undo && (
        <Button kind="quiet" onClick={() => void takeBack()}>
          Undo
        </Button>
      )}
      <Button kind="quiet" label="Close" onClick={() => close(id)}>
        ✕
      </Button>
    </div>
  );
}
