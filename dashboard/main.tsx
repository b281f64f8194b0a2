import { render } from 'preact';
import { App } from './app.js';
import { AccessControl } from './client/access.js';
import { StoredCredentials } from './client/credentials.js';
import { DashboardClient } from './client/dashboard-client.js';
import { pageGlobals } from './client/page-globals.js';
import './styles/index.css';

const { dashboardAppPath, authMode } = pageGlobals();
const control = new AccessControl(new DashboardClient(dashboardAppPath), new StoredCredentials(dashboardAppPath));

// The paths that other bundles have for their views.
const [, view] = /\/dashboard\/(roles|tenants)\/?$/.exec(location.pathname) ?? [];
if (view !== undefined) history.replaceState(undefined, '', `${dashboardAppPath}#/${view}`);

render(<App control={control} authMode={authMode} />, document.getElementById('root') ?? document.body);
