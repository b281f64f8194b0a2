import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Button } from './button.js';

export interface FormProps {
  children: ComponentChildren;
  /** What it throws is shown in the form. */
  onSubmit: () => Promise<void>;
  submit: string;
  kind?: 'main' | 'danger' | 'plain';
  isDisabled?: boolean;
  onCancel?: () => void;
  label?: string;
}

/** A form with its buttons. It is sent once at a time. */
export function Form({ children, onSubmit, submit, kind = 'main', isDisabled, onCancel, label }: FormProps) {
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);
  const isSending = useRef(false);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    if (isSending.current || isDisabled) return;
    isSending.current = true;
    setBusy(true);
    setError('');
    try {
      await onSubmit();
    } catch (failure) {
      setError((failure as Error).message);
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  }

  return (
    <form class="form" aria-label={label} onSubmit={(event) => void send(event)}>
      {children}
      <p role="alert" class="form-error">
        {error}
      </p>
      <div class="buttons">
        <Button type="submit" kind={kind} isBusy={isBusy} isDisabled={isDisabled}>
          {submit}
        </Button>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
      </div>
    </form>
  );
}
