/** In words for the user. The client throws what a `generalError` says as an error, and answers from 400 on as they are. */
export function messageOf(error: unknown): string {
  if (isGeneralError(error)) return error.message;
  if (error instanceof Response && error.status === 404) return 'This is turned off here.';
  if (error instanceof Response) return `The server answered ${error.status}. Please try again.`;
  if (error instanceof TypeError) return 'The server cannot be reached. Is it running?';
  throw error;
}

function isGeneralError(error: unknown): error is Error {
  return error instanceof Error && 'isSuperTokensGeneralError' in error;
}
