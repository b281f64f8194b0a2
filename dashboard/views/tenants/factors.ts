const NAMES: Record<string, string> = {
  emailpassword: 'Email and password',
  thirdparty: 'Providers',
  'otp-email': 'Code by email',
  'otp-phone': 'Code by text message',
  'link-email': 'Link by email',
  'link-phone': 'Link by text message',
  webauthn: 'Passkey',
  totp: 'Authenticator app',
};

/** The factors of the wire; an application may have more. */
export const FIRST_FACTORS = [
  'emailpassword',
  'thirdparty',
  'otp-email',
  'otp-phone',
  'link-email',
  'link-phone',
  'webauthn',
];
export const SECONDARY_FACTORS = ['totp', 'otp-email', 'otp-phone'];

export function factorName(factorId: string): string {
  return NAMES[factorId] ?? factorId;
}
