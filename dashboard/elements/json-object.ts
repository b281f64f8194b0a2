/** @returns what is wrong with the text, where it is no JSON object */
export function complaintAboutJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
    return 'It must be an object: { … }';
  } catch (error) {
    return `This is no JSON: ${(error as Error).message}`;
  }
}
