import { el, field } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import { chainCards } from './chain-cards.js';
import { showCustomer } from './customer-file.js';
import { card, form, lead, textInput, textOf } from './parts.js';
import type { View } from './view.js';

/** Consents of one person, and whether the chains are whole. */
export const ledgerView: View = {
  id: 'ledger',
  name: 'Consent ledger',
  open(root: HTMLElement, api: Requests) {
    const found = el('div', { attributes: { role: 'status' } });
    const search = form(
      'Find',
      [field('Account reference or customer id', textInput('customer', { required: '', maxlength: '200' }))],
      (data) => {
        void showCustomer(found, api, textOf(data, 'customer'));
      },
    );
    root.append(
      lead(
        'Who agreed to what, in which words and how; and who took it back. Nothing in it is ever changed: a row that is would be named below.',
      ),
      card('A person', search),
      found,
      el('div', { class: 'cards', id: 'chains' }, ...chainCards(api)),
    );
  },
};
