import { Injectable } from '@nestjs/common';
import { DashboardOperationsApi } from './dashboard-operations.api.js';

/**
 * What the page of the dashboard asks for, one method for each route. Override any of it by a subclass, to forbid it, to
 * narrow it, or to note it. Each is called only for those whom `DashboardFunctions.shouldAllowAccess` lets in, but for the page,
 * its files and the sign-in.
 */
@Injectable()
export class DashboardApi extends DashboardOperationsApi {}
