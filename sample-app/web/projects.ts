import { apiURL } from './api.js';
import { handleForm } from './form.js';
import { announce, element, textElement } from './page.js';

interface Project {
  id: string;
  name: string;
  owner: string;
  ownerId: string;
}

/** Who is shown the list: whose own projects have a button, and who may close those of others. */
export interface Viewer {
  userId: string;
  permissions: string[];
}

let viewer: Viewer | undefined;

/** What the account shows of projects. @param by undefined takes it away */
export async function showProjectsTo(by: Viewer | undefined): Promise<void> {
  viewer = by;
  element('projects').hidden = by === undefined;
  if (by === undefined) return element('project-list').replaceChildren();
  const response = await fetch(apiURL('/api/projects'));
  if (!response.ok) return;
  const projects = (await response.json()) as Project[];
  if (viewer === by) element('project-list').replaceChildren(...projects.map((project) => item(project, by)));
}

export function handleProjectForm(): void {
  handleForm(element('project-form'), async ({ name }) => {
    const by = viewer;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(apiURL('/api/projects'), { method: 'POST', headers, body: JSON.stringify({ name }) });
    if (response.status === 400) {
      const { message } = (await response.json()) as { message: string };
      return { formFields: [{ id: 'name', error: message }] };
    }
    if (!response.ok) throw response;
    if (by === viewer) await showProjectsTo(by);
    announce(`${name?.trim()} has begun.`);
  });
}

function item({ id, name, owner, ownerId }: Project, by: Viewer): HTMLElement {
  const row = document.createElement('li');
  row.append(textElement('span', name), textElement('span', owner, 'soft'));
  if (ownerId === by.userId || by.permissions.includes('projects:close')) row.append(closeButton(id, name, by));
  return row;
}

function closeButton(id: string, name: string, by: Viewer): HTMLElement {
  const button = textElement('button', 'Close', 'quiet small');
  button.setAttribute('aria-label', `Close ${name}`);
  button.addEventListener('click', async () => {
    const response = await fetch(apiURL(`/api/projects/${id}`), { method: 'DELETE' });
    announce(response.ok ? `${name} is closed.` : `The server answered ${response.status}.`);
    if (viewer === by) await showProjectsTo(by);
  });
  return button;
}
