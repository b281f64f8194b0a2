export const permissions = {
  'invoices:read': 'See invoices',
  'invoices:write': 'Write and change invoices',
  'staff:manage': 'Give roles to others, and take them',
};

export const roles = {
  accountant: ['invoices:read', 'invoices:write'],
  auditor: ['invoices:read'],
  administrator: ['invoices:read', 'staff:manage'],
} as const;

declare module 'latchkey' {
  interface PermissionNames extends Record<keyof typeof permissions, true> {}
  interface RoleNames extends Record<keyof typeof roles, true> {}
}
