import type { ComponentChildren, Ref } from 'preact';

export interface ButtonProps {
  children: ComponentChildren;
  onClick?: (event: MouseEvent) => void;
  /** `plain` by default; `main` once in a view, `danger` for what cannot be undone, `quiet` inside of rows. */
  kind?: 'plain' | 'main' | 'danger' | 'quiet';
  type?: 'button' | 'submit';
  isBusy?: boolean;
  isDisabled?: boolean;
  /** What screen readers say, where the text says it only together with what is around it. */
  label?: string;
  buttonRef?: Ref<HTMLButtonElement>;
}

/** A button; while it is busy it keeps the focus, and does nothing. */
export function Button({ children, onClick, kind = 'plain', type = 'button', ...more }: ButtonProps) {
  const { isBusy = false, isDisabled = false, label, buttonRef } = more;
  return (
    <button
      type={type}
      class={`button ${kind}`}
      aria-label={label}
      aria-busy={isBusy}
      aria-disabled={isBusy}
      disabled={isDisabled}
      ref={buttonRef}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}
