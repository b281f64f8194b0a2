import { MAX_EMAIL_LENGTH } from '../../core/email-address.js';
import type { AuthRoutes } from '../../http/auth-routes.js';
import type { BaseResponse } from '../../http/base-response.js';
import type { DashboardAccessApi, DashboardAPIOptions } from './dashboard-access.api.js';
import { DashboardAudit } from './dashboard-audit.js';
import { DashboardFields } from './dashboard-fields.js';
import { contentSecurityPolicy } from './dashboard-page.js';
import { guardedRoutes } from './guarded-routes.js';

const YEAR_SECONDS = 31_536_000;

/** The page and its files, and what signs in to it: these alone are there for everybody. */
const openRoutes: AuthRoutes<DashboardAccessApi> = {
  dashboardGET: {
    method: 'GET',
    paths: ['dashboard', 'dashboard/roles', 'dashboard/tenants'],
    isText: true,
    input: () => ({}),
    async answer(html, { options, response, userContext }) {
      const { recipeImplementation: functions } = options as DashboardAPIOptions;
      const location = await functions.getDashboardBundleLocation({ userContext });
      response.forbidStoring();
      response.setHeader('Content-Security-Policy', contentSecurityPolicy(html, location), false);
      response.setHeader('Referrer-Policy', 'no-referrer', false);
      response.setHeader('X-Frame-Options', 'DENY', false);
      return sendText(response, html, 'text/html; charset=utf-8');
    },
  },
  assetGET: {
    method: 'GET',
    paths: ['dashboard/assets/:file'],
    okHolds: { content: 'string', contentType: 'string' },
    input: ({ pathParameters }) => ({ file: pathParameters.file ?? '' }),
    async answer({ content, contentType }, { request, response }) {
      // Our page names the version: another one is another address.
      const isKept = (await request.getKeyValueFromQuery('v')) !== undefined;
      const caching = isKept ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache';
      response.setHeader('Cache-Control', caching, false);
      return sendText(response, content, contentType);
    },
  },
  signInPOST: {
    method: 'POST',
    paths: ['dashboard/api/signin'],
    perTenant: true,
    attempt: {
      action: 'dashboardSignIn',
      account: ({ email }) => email.trim().toLowerCase().slice(0, MAX_EMAIL_LENGTH),
    },
    okHolds: { sessionId: 'string' },
    around({ email }, call, work) {
      const actor = { type: 'dashboardUser' as const, email: email.trim().toLowerCase(), mayWrite: false };
      return call.service(DashboardAudit).around({ action: 'signInPOST', actor, call, describe: () => ({}) }, work);
    },
    async input(call) {
      call.response.forbidStoring();
      const body = await DashboardFields.of(call);
      return { email: body.filledText('email'), password: body.filledText('password') };
    },
  },
};

export const accessRoutes: AuthRoutes<DashboardAccessApi> = {
  ...openRoutes,
  ...guardedRoutes<DashboardAccessApi>({
    validateKeyPOST: { method: 'POST', path: 'key/validate', isWrite: false, input: () => ({}) },
    signOutPOST: { method: 'POST', path: 'signout', isWrite: false, input: () => ({}) },
    analyticsPOST: { method: 'POST', path: 'analytics', isWrite: false, input: () => ({}) },
  }),
};

function sendText(response: BaseResponse, text: string, contentType: string): string {
  response.setHeader('Content-Type', contentType, false);
  response.setHeader('X-Content-Type-Options', 'nosniff', false);
  return text;
}
