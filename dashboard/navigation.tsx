import type { Access } from './client/access.js';
import { Button } from './elements/button.js';
import { Tag } from './elements/tag.js';
import { linkTo, usePlace } from './hooks/place.js';

const VIEWS = [
  ['users', 'Users'],
  ['roles', 'Roles'],
  ['tenants', 'Tenants'],
  ['overrides', 'Overrides'],
  ['health', 'Health'],
  ['audit', 'Audit'],
] as const;

export function Navigation({ access, onSignOut }: { access: Access; onSignOut: () => Promise<void> }) {
  const [current = 'users'] = usePlace().path;
  return (
    <header class="navigation">
      <button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>('h1')?.focus()}>
        Skip to the content
      </button>
      <p class="brand">Dashboard</p>
      <nav aria-label="Views">
        {VIEWS.map(([path, name]) => (
          <a key={path} href={linkTo([path])} aria-current={path === current ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <div class="whoami">
        {access.name !== undefined && <span title={access.name}>{access.name}</span>}
        {!access.mayWrite && <Tag>reads only</Tag>}
        {access.kind !== 'application' && (
          <Button kind="quiet" onClick={() => void onSignOut()}>
            Sign out
          </Button>
        )}
      </div>
    </header>
  );
}
