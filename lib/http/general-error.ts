/** An answer whose message clients show to the person. */
export interface GeneralErrorResponse {
  status: 'GENERAL_ERROR';
  message: string;
}

/** An answer that every client shows to its user as it is. Sent with status 200, as the wire wants it. */
export function generalError(message: string): GeneralErrorResponse {
  return { status: 'GENERAL_ERROR', message };
}
