import type { RouteDescription } from '../../http/route-description.js';
import { flag, members, statusAnswer, text } from '../../http/route-schema.js';

export const describeVerifyToken: RouteDescription = {
  summary: "Sends a link that verifies the email of the session's user",
  operationId: 'emailVerificationSendEmail',
  answers: { 200: [statusAnswer(['OK', 'EMAIL_ALREADY_VERIFIED_ERROR'])] },
  session: 'required',
};

export const describeVerify: RouteDescription = {
  summary: 'Verifies an email by the token of a link',
  body: members({ token: text('Of the link') }, { method: { type: 'string', enum: ['token'] } }),
  answers: { 200: [statusAnswer(['OK', 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR'])] },
  session: 'optional',
};

export const describeIsVerified: RouteDescription = {
  summary: "Whether the email of the session's user is verified",
  answers: { 200: [statusAnswer('OK', { isVerified: flag })] },
  session: 'required',
};
