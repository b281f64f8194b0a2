import { messageOf } from './message-of.js';
import { announce } from './page.js';
import { watchPerson, type Person } from './person.js';

/** What is wrong, if something is: with single fields, or with the whole. */
export interface FormProblem {
  formFields?: { id: string; error: string }[];
  message?: string;
}

/** Runs `submit` with the values of a form, and shows beside its fields what went wrong. */
export function handleForm(
  form: HTMLFormElement,
  submit: (values: Record<string, string>, person: Person) => Promise<FormProblem | undefined>,
): void {
  let isBusy = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    announce('');
    const button = form.querySelector('button')!;
    // Not `disabled`, which would take the focus away from those who use the keyboard.
    button.setAttribute('aria-disabled', 'true');
    try {
      const values = valuesOf(form);
      const problem = await submit(values, watchPerson());
      showProblem(form, problem ?? {});
      if (problem === undefined && isSame(values, valuesOf(form))) form.reset();
    } catch (error) {
      showProblem(form, { message: messageOf(error) });
    } finally {
      button.removeAttribute('aria-disabled');
      isBusy = false;
    }
  });
}

function valuesOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries(new FormData(form)) as Record<string, string>;
}

/** False where somebody has typed on while the server answered. */
function isSame(before: Record<string, string>, after: Record<string, string>): boolean {
  return Object.entries(before).every(([name, value]) => after[name] === value);
}

function showProblem(form: HTMLFormElement, { formFields = [], message }: FormProblem): void {
  for (const input of form.querySelectorAll('input')) {
    const error = formFields.find(({ id }) => id === input.name)?.error;
    showFieldError(input, error);
  }
  form.querySelector<HTMLInputElement>('[aria-invalid]')?.focus();
  formError(form).textContent = message ?? '';
}

function showFieldError(input: HTMLInputElement, error: string | undefined): void {
  const id = `${input.id}-error`;
  document.getElementById(id)?.remove();
  const rule = document.getElementById(`${input.id}-rule`);
  input.removeAttribute('aria-invalid');
  if (rule === null) input.removeAttribute('aria-describedby');
  else input.setAttribute('aria-describedby', rule.id);
  if (error === undefined) return;
  const text = document.createElement('p');
  text.id = id;
  text.className = 'field-error';
  text.textContent = error;
  input.after(text);
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', id);
}

/** Stays in the page while it is empty, as readers only notice a change of an alert that they know. */
function formError(form: HTMLFormElement): HTMLElement {
  const found = form.querySelector<HTMLElement>('[role=alert]');
  if (found !== null) return found;
  const alert = document.createElement('p');
  alert.className = 'form-error';
  alert.setAttribute('role', 'alert');
  form.querySelector('button')!.before(alert);
  return alert;
}
