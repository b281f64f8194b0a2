import { createContext, type ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { Access } from '../client/access.js';
import type { DashboardClient } from '../client/dashboard-client.js';

export interface DashboardContext {
  client: DashboardClient;
  access: Access;
}

const Context = createContext<DashboardContext | undefined>(undefined);
export const DashboardProvider = Context.Provider;

/** What every view asks the server with. */
export function useDashboard(): DashboardContext {
  const context = useContext(Context);
  if (context === undefined) throw new Error('Render it inside of DashboardProvider');
  return context;
}

/** What only those see who may change something; the server decides all the same. */
export function Writers({ children }: { children: ComponentChildren }) {
  return useDashboard().access.mayWrite ? <>{children}</> : null;
}
