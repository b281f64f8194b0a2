/** The headers of a response that do not depend on the moment it is sent. */
export function stableHeaders(response: Response): [string, string][] {
  return [...response.headers].filter(([name]) => name !== 'date');
}
