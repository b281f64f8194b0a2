/* What an application declares once. A program of its own: it types everything that is compiled with it. */

export const permissions = { 'invoices:read': 'See invoices', 'invoices:write': 'Change invoices' };
export const roles = { accountant: ['invoices:read', 'invoices:write'], auditor: ['invoices:read'] } as const;

declare module 'latchkey' {
  interface PermissionNames extends Record<keyof typeof permissions, true> {}
  interface RoleNames extends Record<keyof typeof roles, true> {}
  interface AccessTokenPayload {
    plan: 'free' | 'pro';
    seats?: number;
  }
  interface UserMetadata {
    theme: 'light' | 'dark';
    tags?: string[];
  }
  interface UserContext {
    invitation?: string;
  }
}
