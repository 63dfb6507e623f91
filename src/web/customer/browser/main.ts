import { CustomerPage } from './customer-page.js';

/** A fragment is sent to no server and in no Referer. It is taken once, and leaves the address and the history. */
function takeLink(): string | null {
  const link = new URLSearchParams(location.hash.slice(1)).get('link');
  if (link !== null) history.replaceState(null, '', location.pathname);
  return link;
}

const page = new CustomerPage();
void page.start(takeLink());
// A second link in the same tab changes the fragment only.
window.addEventListener('hashchange', () => {
  if (location.hash.startsWith('#link=')) location.reload();
});
