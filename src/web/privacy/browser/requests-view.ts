import { el, field, words } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import { customerIdOf } from './customer-file.js';
import { button, card, fill, form, lead, say, select, statusLine, textInput, textOf } from './parts.js';
import { requestCard } from './request-card.js';
import type { RequestPage } from './request-types.js';
import type { View } from './view.js';

const kinds = ['access', 'portability', 'correction', 'erasure', 'objection', 'limit'] as const;
const scopes = ['verification', 'fraud-watchlist', 'profiling', 'sale-or-sharing'] as const;

/** Requests of people about their data, each with its clock and the rule that set it. */
export const requestsView: View = {
  id: 'requests',
  name: 'Requests',
  open(root: HTMLElement, api: Requests) {
    const list = el('div');
    const show = select('state', [
      ['open', 'Open, by their date'],
      ['answered', 'Answered, newest first'],
    ]);
    const refresh = (): void => {
      showPage(list, null);
    };
    const showPage = (root: HTMLElement, cursor: string | null): void => {
      const query = new URLSearchParams({
        state: show.value,
        limit: '50',
        ...(cursor !== null && { cursor }),
      });
      const asked = api.send<RequestPage>('GET', `/v1/requests?${query.toString()}`);
      void fill(root, asked, ({ requests, nextCursor }) => [
        ...(requests.length === 0 ? [lead('There is none.')] : []),
        ...requests.map((request) => requestCard(api, request, refresh)),
        ...(nextCursor === null ? [] : [more(nextCursor)]),
      ]);
    };
    /** Below what is shown, which stays. */
    const more = (cursor: string): HTMLElement => {
      const place = el('div');
      place.append(
        button('Show more', () => {
          showPage(place, cursor);
        }),
      );
      return place;
    };
    show.addEventListener('change', refresh);
    root.append(
      lead(
        'What people asked for, by when the strictest of their laws wants an answer, and which rule says so.',
      ),
      el('div', { class: 'card' }, field('Show', show)),
      list,
      intake(api, refresh),
    );
    refresh();
  },
};

function intake(api: Requests, refresh: () => void): HTMLElement {
  const line = statusLine();
  const checks = scopes.map((scope) =>
    el(
      'label',
      { class: 'check' },
      el('input', { attributes: { type: 'checkbox', name: 'scopes', value: scope } }),
      words(scope),
    ),
  );
  const asked = form(
    'Take in',
    [
      field('Account reference or customer id', textInput('customer', { required: '', maxlength: '200' })),
      field(
        'What is asked',
        select(
          'kind',
          kinds.map((kind) => [kind, words(kind)] as const),
        ),
      ),
      el('fieldset', {}, el('legend', {}, 'An objection or limit: to what'), ...checks),
    ],
    (data) => {
      void takeIn(api, data).then((problem) => {
        say(line, problem === null, problem ?? 'Taken in. It is in the list above, with its date.');
        if (problem === null) refresh();
      });
    },
  );
  return card('Take in a request', asked, line);
}

/** Null when it was taken in; otherwise why not. */
async function takeIn(api: Requests, data: FormData): Promise<string | null> {
  const who = textOf(data, 'customer');
  const customerId = await customerIdOf(api, who);
  if (customerId === null) return `There is no customer ${who}.`;
  const kind = textOf(data, 'kind');
  const named = data.getAll('scopes');
  const takesScopes = (kind === 'objection' || kind === 'limit') && named.length > 0;
  const body = { kind, ...(takesScopes && { scopes: named }) };
  const outcome = await api.send('POST', `/v1/customers/${customerId}/requests`, body);
  return outcome.kind === 'done' ? null : `Not taken in. ${outcome.message}`;
}
