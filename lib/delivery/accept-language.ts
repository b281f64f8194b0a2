const MAX_LENGTH = 1000;
/** RFC 5646, simplified: a language and what narrows it. */
const LANGUAGE_TAG = /^[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}$/i;

/** @returns the language tags of an `Accept-Language` header, the most wanted first; what is malformed is left out */
export function acceptedLanguages(header: string | undefined): string[] {
  if (header === undefined || header.length > MAX_LENGTH) return [];
  return header
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((text) => text.trim());
      const quality = parameters.find((text) => /^q=/i.test(text))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => LANGUAGE_TAG.test(tag) && quality > 0 && quality <= 1)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}

/** @returns the first of the languages offered that meets a wish: exactly, or as `de` meets `de-AT` */
export function matchLanguage(tags: readonly string[], offered: readonly string[]): string | undefined {
  for (const wish of tags.map((tag) => tag.toLowerCase())) {
    const found =
      offered.find((tag) => tag.toLowerCase() === wish) ??
      offered.find((tag) => tag.toLowerCase() === wish.split('-')[0]) ??
      offered.find((tag) => tag.toLowerCase().split('-')[0] === wish);
    if (found !== undefined) return found;
  }
  return undefined;
}
