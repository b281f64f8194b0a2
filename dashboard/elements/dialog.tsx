import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Field } from './field.js';
import { Form } from './form.js';

export interface DialogProps {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
}

/** A modal dialog while it is rendered: the browser keeps the focus in it, and Escape closes it. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

export interface ConfirmationProps extends DialogProps {
  /** On the button. */
  action: string;
  onConfirm: () => Promise<void>;
  /** Has to be typed before; for what cannot be undone. */
  typed?: string;
}

/** Asks before something that cannot be undone. */
export function Confirmation({ title, children, onClose, action, onConfirm, typed }: ConfirmationProps) {
  const [text, setText] = useState('');
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        submit={action}
        kind="danger"
        isDisabled={typed !== undefined && text.trim() !== typed}
        onSubmit={onConfirm}
        onCancel={onClose}
      >
        {children}
        {typed !== undefined && (
          <Field label={`Type ${typed} to confirm`} value={text} onValue={setText} autocomplete="off" />
        )}
      </Form>
    </Dialog>
  );
}
