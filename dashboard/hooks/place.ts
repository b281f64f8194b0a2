import { useEffect, useState } from 'preact/hooks';

/** Where the person is: what follows `#` in the address, which needs nothing of servers and proxies. */
export interface Place {
  /** `/users/4f` is `['users', '4f']`. */
  path: string[];
  query: URLSearchParams;
}

/** @returns an address for links, such as `#/users/4f?tab=sessions`; what is undefined or empty is left out */
export function linkTo(path: string[], query: Record<string, string | undefined> = {}): string {
  const params = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const search = params.length === 0 ? '' : `?${new URLSearchParams(params)}`;
  return `#/${path.map(encodeURIComponent).join('/')}${search}`;
}

/** @param options.replaces the way back does not lead to where the person was */
export function goTo(link: string, options: { replaces?: boolean } = {}): void {
  if (!options.replaces) {
    location.hash = link;
    return;
  }
  history.replaceState(undefined, '', link);
  dispatchEvent(new Event('hashchange'));
}

export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return placeOf(hash);
}

function placeOf(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  return { path: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(search) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
