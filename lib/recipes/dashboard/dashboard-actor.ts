/** Who uses the dashboard. */
export type DashboardActor = {
  /** Whether it may change something, unless `shouldAllowAccess` says otherwise. */
  mayWrite: boolean;
} & DashboardActorName;

/** What the audit calls somebody. */
export type DashboardActorName =
  | { type: 'apiKey' }
  /** Signed in to the dashboard itself. */
  | { type: 'dashboardUser'; email: string }
  /** A user of the application, by its session and a permission. */
  | { type: 'session'; userId: string; tenantId: string }
  /** Somebody whom an override of the application lets in. */
  | { type: 'application'; name?: string };

/** @returns the actor without what it may */
export function nameOfActor(actor: DashboardActor): DashboardActorName {
  const name: DashboardActorName & { mayWrite?: boolean } = { ...actor };
  delete name.mayWrite;
  return name;
}
