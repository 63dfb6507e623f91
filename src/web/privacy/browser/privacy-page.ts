import { byId } from '../../common/browser/dom.js';
import { el } from '../../common/browser/elements.js';
import { Requests } from '../../common/browser/requests.js';
import { forgetToken, storedToken } from '../../common/browser/session.js';
import { SignIn } from '../../common/browser/sign-in.js';
import type { View } from './view.js';
import { views } from './views.js';

const refusals = {
  401: 'This token is not valid, or no longer. Ask your administrator for another.',
  403: 'This token may not see this page: it needs the role privacy.',
} as const;

/** Signs the officer in and shows the section that the address names. */
export class PrivacyPage {
  private readonly signIn = new SignIn(() => {
    this.start();
  });
  private api: Requests | null = null;

  constructor() {
    byId('sections').replaceChildren(
      ...views.map(({ id, name }) =>
        el('li', {}, el('a', { id: `to-${id}`, attributes: { href: `#${id}` } }, name)),
      ),
    );
    byId('sign-out').addEventListener('click', () => {
      this.signOut('');
    });
    window.addEventListener('hashchange', () => {
      // A second link with a token in the same tab.
      if (location.hash.startsWith('#token=')) location.reload();
      else if (location.hash !== '#view') this.show(true);
    });
  }

  start(): void {
    const token = storedToken();
    if (token === null) this.signIn.show('');
    else
      void this.enter(
        new Requests(token, () => {
          this.signOut(refusals[401]);
        }),
      );
  }

  private async enter(api: Requests): Promise<void> {
    const allowed = await api.send('GET', '/v1/privacy/ledgers');
    if (allowed.kind === 'failed') {
      if (allowed.status !== 401) this.signOut(allowed.status === 403 ? refusals[403] : allowed.message);
      return;
    }
    this.api = api;
    this.signIn.hide();
    byId('office').hidden = false;
    byId('sign-out').hidden = false;
    this.show(false);
  }

  private signOut(problem: string): void {
    this.api = null;
    forgetToken();
    byId('office').hidden = true;
    byId('sign-out').hidden = true;
    byId('view').replaceChildren();
    document.title = 'Sign in · Timbre';
    this.signIn.show(problem);
  }

  private show(moveFocus: boolean): void {
    const view = views.find(({ id }) => `#${id}` === location.hash) ?? views[0];
    if (this.api === null || view === undefined) return;
    this.mark(view);
    const root = el('div');
    byId('view').replaceChildren(el('h2', { id: 'view-title' }, view.name), root);
    view.open(root, this.api);
    // Where the list of sections was is where the reader is no more.
    if (moveFocus) byId('view').focus();
  }

  private mark(shown: View): void {
    document.title = `${shown.name} · Privacy · Timbre`;
    for (const { id } of views) {
      const link = byId(`to-${id}`);
      if (id === shown.id) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }
}
