/** What the page that `dashboardGET` answers sets; the names are those that other bundles read as well. */
export interface PageGlobals {
  /** Such as `/auth/dashboard`: all paths are made of it. */
  dashboardAppPath: string;
  /** What the sign-in asks for. */
  authMode: 'api-key' | 'email-password';
}

export function pageGlobals(): PageGlobals {
  const { dashboardAppPath, authMode } = window as unknown as Partial<PageGlobals>;
  return {
    dashboardAppPath: (dashboardAppPath ?? location.pathname).replace(/\/+$/, ''),
    authMode: authMode === 'api-key' ? 'api-key' : 'email-password',
  };
}
