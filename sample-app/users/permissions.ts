/** Every permission of the application, with what it allows: one in a decorator that is not here stops the boot. */
export const permissions = {
  'projects:read': 'See projects',
  'projects:write': 'Start projects, and close one’s own',
  'projects:close': 'Close projects of others',
  'invites:manage': 'See invitations, and invite',
  'dashboard:read': 'See users and sessions in the dashboard',
  'dashboard:write': 'Change them there',
};

/** What boot makes where it is missing. */
export const roles = {
  member: ['projects:read', 'projects:write'],
  administrator: [
    'projects:read',
    'projects:write',
    'projects:close',
    'invites:manage',
    'dashboard:read',
    'dashboard:write',
  ],
} as const;
