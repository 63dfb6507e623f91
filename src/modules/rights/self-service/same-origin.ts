import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request that changes something comes from Timbre's own page. Beside SameSite=Strict: a sibling host of the same
 * site is "same site" too. Browsers say where a request comes from in headers that no page can set (Fetch Metadata, Origin).
 */
export function isSameOrigin(headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return isOwnOrigin(headers, publicUrl);
}

/** For WebSockets: what browsers say of a socket's site differs, but all send its origin (RFC 6455 §4.1). */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  // A proxy may change Host; the browser's own idea of where it is then stands in TIMBRE_PUBLIC_URL.
  const own = [host, publicUrl === undefined ? undefined : new URL(publicUrl).host];
  return own.includes(new URL(origin).host);
}
