const key = 'timbre.token';

/** For this tab only, until it is closed: never in a cookie, never in the address. */
export function storedToken(): string | null {
  return sessionStorage.getItem(key);
}

export function keepToken(token: string): void {
  sessionStorage.setItem(key, token);
}

export function forgetToken(): void {
  sessionStorage.removeItem(key);
}

/** The demo prints /agent#token=…: a fragment is never sent to a server. It is taken once and leaves the address and the history. */
export function takeTokenFromAddress(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  if (token !== '') keepToken(token);
}
