/** Something that the person is told: what the server said, or that it said nothing. */
export class RequestError extends Error {
  constructor(
    message: string,
    /** Of the answer; 0 where there was none. */
    readonly httpStatus: number,
    /** The `status` of the answer's body, such as `EMAIL_ALREADY_EXISTS_ERROR`. */
    readonly status?: string,
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

/** Statuses whose answers bring no words of their own. */
const WORDS: Record<string, string> = {
  INVALID_CREDENTIALS_ERROR: 'This email address and password are not those of a dashboard user.',
  USER_SUSPENDED_ERROR: 'This dashboard user is suspended.',
  NO_USER_FOUND_ERROR: 'There is no such user: somebody may have deleted it.',
  UNKNOWN_USER_ID_ERROR: 'There is no such user: somebody may have deleted it.',
  EMAIL_ALREADY_EXISTS_ERROR: 'Another user has this email address.',
  PHONE_ALREADY_EXISTS_ERROR: 'Another user has this phone number.',
  EMAIL_ALREADY_VERIFIED_ERROR: 'This email address is verified already.',
  UNKNOWN_ROLE_ERROR: 'There is no such role: somebody may have deleted it.',
  UNKNOWN_TENANT_ERROR: 'There is no such tenant: somebody may have deleted it.',
  TENANT_ID_ALREADY_EXISTS_ERROR: 'There is a tenant of this name already.',
  CANNOT_DELETE_PUBLIC_TENANT_ERROR: 'The public tenant cannot be deleted.',
  MULTITENANCY_NOT_ENABLED_IN_CORE_ERROR: 'The core does not offer tenants.',
  MFA_NOT_INITIALIZED_ERROR: 'The application does not use the recipe for further factors.',
  FEATURE_NOT_ENABLED_ERROR: 'The application does not use the recipe that this needs.',
};

/** @returns what to tell the person about an answer that is not `OK` */
export function wordsFor(answer: { status?: unknown; message?: unknown; error?: unknown }): string | undefined {
  for (const words of [answer.message, answer.error]) {
    if (typeof words === 'string' && words !== '') return words;
  }
  if (typeof answer.status !== 'string') return undefined;
  return WORDS[answer.status] ?? `The server answered ${answer.status}.`;
}
