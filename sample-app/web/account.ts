import { apiURL } from './api.js';
import { handleForm } from './form.js';
import { announce, element, textElement } from './page.js';
import { handleProjectForm, showProjectsTo } from './projects.js';

interface Me {
  userId: string;
  email: string;
  displayName?: string;
  roles: string[];
  permissions: string[];
  isEmailVerified?: boolean;
  hasPassword: boolean;
  accessTokenExpiresAtMs: number;
}

interface AuditEntry {
  event: string;
  userAgent: string;
  at: string;
}

interface Invitation {
  address: string;
}

/** Rises when the account is cleared: what one user asked for must not be shown to the next. */
let accountNumber = 0;
let callNumber = 0;
let shownMe: Me | undefined;

/** The guarded call, of which the newest answer is shown. A plain `fetch`: the client refreshes the session where the answer asks for it. */
export async function callGuardedRoute(): Promise<void> {
  const answer = element('answer');
  const call = ++callNumber;
  const account = accountNumber;
  answer.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(apiURL('/api/me'));
    const me = response.ok ? ((await response.json()) as Me) : undefined;
    if (call === callNumber && (me === undefined || account === accountNumber)) showAnswer(answer, response, me);
  } finally {
    if (call === callNumber) answer.removeAttribute('aria-busy');
  }
}

/** Everything that the signed-in page shows. */
export async function loadAccount(): Promise<void> {
  const account = accountNumber;
  await callGuardedRoute();
  const audit = await readIfAllowed<AuditEntry[]>('/api/audit');
  if (account !== accountNumber) return;
  if (audit !== undefined) showAudit(audit);
  await showProjectsTo(shownMe);
  if (account !== accountNumber) return showProjectsTo(undefined);
  if (element('invitations').hidden) return;
  const invitations = await readIfAllowed<Invitation[]>('/api/invitations');
  if (account === accountNumber && invitations !== undefined) showInvitations(invitations);
}

/** Nothing of one user may be left for the next. */
export function clearAccount(): void {
  accountNumber += 1;
  for (const id of ['answer', 'audit', 'invitation-list', 'who-email']) element(id).replaceChildren();
  element<HTMLFormElement>('password-form').reset();
  element('invitations').hidden = true;
  shownMe = undefined;
  void showProjectsTo(undefined);
}

export function handleAccountForms(): void {
  handleProjectForm();
  handleForm(element('password-form'), async ({ currentPassword, newPassword }) => {
    const response = await postJSON('/api/me/password', { currentPassword, newPassword });
    if (!response.ok) throw response;
    const result = (await response.json()) as {
      status: 'OK' | 'FIELD_ERROR';
      formFields?: { id: string; error: string }[];
    };
    await loadAccount();
    if (result.status === 'FIELD_ERROR') return result;
    announce('Your password is changed. Other browsers lose their sessions at their next refresh.');
  });

  handleForm(element('invitation-form'), async ({ address }) => {
    const account = accountNumber;
    const response = await postJSON('/api/invitations', { address });
    if (response.status === 400) return fieldError('address', ((await response.json()) as { message: string }).message);
    if (!response.ok) throw response;
    const invitations = (await response.json()) as Invitation[];
    if (account === accountNumber) showInvitations(invitations);
    announce(`${address?.trim().toLowerCase()} is invited.`);
  });
}

function showAnswer(answer: HTMLElement, response: Response, me: Me | undefined): void {
  if (response.status === 401) {
    answer.replaceChildren(textElement('p', 'The guard answered 401: you are signed out.', 'refused'));
    return;
  }
  if (me === undefined) throw response;
  shownMe = me;
  answer.replaceChildren(describe(me));
  element('who-email').textContent = me.email;
  element<HTMLInputElement>('password-username').value = me.email;
  element('invitations').hidden = !me.permissions.includes('invites:manage');
  element('verification').hidden = me.isEmailVerified === true;
  element('change-password').hidden = !me.hasPassword;
}

function describe(me: Me): HTMLElement {
  const list = document.createElement('dl');
  const expiry = new Date(me.accessTokenExpiresAtMs).toLocaleString();
  for (const [term, text] of [
    ['Email', me.email],
    ['Verified', me.isEmailVerified ? 'yes' : 'no'],
    ['Roles', me.roles.join(', ')],
    ['User id', me.userId],
    ['Access token works until', expiry],
  ] as const) {
    list.append(textElement('dt', term), textElement('dd', text));
  }
  return list;
}

function showAudit(entries: AuditEntry[]): void {
  const items = entries.map(({ event, userAgent, at }) => {
    const item = document.createElement('li');
    item.title = userAgent;
    const className = event.endsWith('refused') ? 'refused' : '';
    item.append(textElement('span', event, className), textElement('time', new Date(at).toLocaleString()));
    return item;
  });
  element('audit').replaceChildren(...items);
}

function showInvitations(invitations: Invitation[]): void {
  element('invitation-list').replaceChildren(...invitations.map(({ address }) => textElement('li', address)));
}

async function readIfAllowed<T>(path: string): Promise<T | undefined> {
  const response = await fetch(apiURL(path));
  return response.ok ? ((await response.json()) as T) : undefined;
}

function fieldError(id: string, error: string): { formFields: { id: string; error: string }[] } {
  return { formFields: [{ id, error }] };
}

function postJSON(path: string, body: unknown): Promise<Response> {
  return fetch(apiURL(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
