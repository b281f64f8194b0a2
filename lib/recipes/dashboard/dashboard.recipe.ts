import { AuditCore } from '../../core/audit.core.js';
import { DashboardCore } from '../../core/dashboard.core.js';
import { MultitenancyCore } from '../../core/multitenancy.core.js';
import { TenantsCore } from '../../core/tenants.core.js';
import { ThirdPartyCore } from '../../core/third-party.core.js';
import { UserMetadataCore } from '../../core/user-metadata.core.js';
import { builtInRecipe } from '../define-recipe.js';
import { DashboardAudit } from './dashboard-audit.js';
import { DashboardAssets } from './dashboard-assets.js';
import { DashboardHealthCheck } from './dashboard-health-check.js';
import { DashboardRefusals } from './dashboard-refusals.js';
import { DashboardApi } from './dashboard.api.js';
import { dashboardAttempts } from './dashboard.attempts.js';
import { DashboardFunctions } from './dashboard.functions.js';
import { DASHBOARD_CONFIG, normaliseDashboardOptions } from './dashboard.options.js';
import { dashboardRoutes } from './dashboard.routes.js';
import { OtherRecipes } from './other-recipes.js';
import { UserNames } from './user-names.js';

declare module '../recipe.js' {
  interface RecipeIds {
    dashboard: true;
  }
}

/** A page on which support finds users and looks after them, at `{apiBasePath}/dashboard`. */
export const DashboardRecipe = builtInRecipe({
  id: 'dashboard',
  name: 'DashboardRecipe',
  api: DashboardApi,
  functions: DashboardFunctions,
  routes: dashboardRoutes,
  config: DASHBOARD_CONFIG,
  normalise: normaliseDashboardOptions,
  needs: ['session'],
  ports: [DashboardCore, AuditCore, MultitenancyCore, TenantsCore, ThirdPartyCore, UserMetadataCore],
  providers: [OtherRecipes, DashboardHealthCheck, UserNames, DashboardAssets, DashboardAudit, DashboardRefusals],
  attempts: dashboardAttempts,
});
