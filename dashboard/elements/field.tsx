import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Labelled {
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: ComponentChildren;
  error?: string;
}

interface InputAttributes {
  type?: 'text' | 'email' | 'password' | 'tel';
  required?: boolean;
  autocomplete?: AutoFill;
  placeholder?: string;
}

/** A text field with its label, and what is said about it. */
export function Field({ label, value, onValue, hint, error, ...attributes }: Labelled & InputAttributes) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        aria-invalid={error !== undefined}
        aria-describedby={hint || error ? `${id}-hint` : undefined}
        spellcheck={false}
        autocapitalize="off"
        {...(attributes as { type?: 'text' })}
      />
      <Hint id={`${id}-hint`} hint={hint} error={error} />
    </div>
  );
}

export function TextArea({ label, value, onValue, hint, error, ...attributes }: Labelled & { rows?: number }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        aria-invalid={error !== undefined}
        aria-describedby={hint || error ? `${id}-hint` : undefined}
        spellcheck={false}
        {...attributes}
      />
      <Hint id={`${id}-hint`} hint={hint} error={error} />
    </div>
  );
}

export function Select({
  label,
  value,
  onValue,
  options,
  isLabelHidden = false,
}: Omit<Labelled, 'hint' | 'error'> & {
  /** Values, or values with their texts. */
  options: readonly (string | readonly [value: string, text: string])[];
  isLabelHidden?: boolean;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={isLabelHidden ? 'only-heard' : undefined}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map((option) => {
          const [optionValue, text] = typeof option === 'string' ? [option, option] : option;
          return (
            <option key={optionValue} value={optionValue}>
              {text}
            </option>
          );
        })}
      </select>
    </div>
  );
}

function Hint({ id, hint, error }: { id: string; hint: ComponentChildren; error: string | undefined }) {
  if (!hint && !error) return null;
  return (
    <p id={id} class={error ? 'hint error' : 'hint'}>
      {error ?? hint}
    </p>
  );
}
