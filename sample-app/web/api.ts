/** The origin of the API: that of the page, or the one that the page names where it is served from elsewhere. */
export const apiDomain = meta('api-domain') || location.origin;

/** Cookies of the API; or headers, for an API whose cookies browsers would not send from this site. */
export const tokenTransferMethod = meta('token-transfer-method') === 'header' ? 'header' : 'cookie';

/** @param path such as `/api/me` */
export function apiURL(path: string): string {
  return apiDomain + path;
}

function meta(name: string): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
}
