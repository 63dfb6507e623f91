import { el, facts, field, moment, save, words } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import { badge, button, card, fill, form, lead, textInput, textOf } from './parts.js';
import { checkReceipt, type Ed25519Jwk, type SignedReceipt } from './receipt-check.js';
import type { View } from './view.js';

/** Who was erased, by id; each receipt signed, and checked here by the browser itself. */
export const receiptsView: View = {
  id: 'receipts',
  name: 'Erasure receipts',
  open(root: HTMLElement, api: Requests) {
    const list = el('div');
    const look = (customerId: string): void => {
      const query = customerId === '' ? '' : `?customerId=${encodeURIComponent(customerId)}`;
      const asked = api.send<{ receipts: readonly SignedReceipt[] }>('GET', `/v1/erasure-receipts${query}`);
      void fill(list, asked, ({ receipts }) =>
        receipts.length === 0
          ? [el('p', { class: 'lead' }, 'Nobody has been erased.')]
          : receipts.map((receipt) => receiptCard(api, receipt)),
      );
    };
    root.append(
      lead(
        'A receipt says what was destroyed and when, by ids that lead to nobody any more. Its signature holds without Timbre: npx timbre-audit verify-receipt, or the button below.',
      ),
      card(
        'Search',
        form(
          'Find',
          [field('Customer id', textInput('customerId', { maxlength: '36' }), 'Empty: all of them')],
          (data) => {
            look(textOf(data, 'customerId'));
          },
        ),
      ),
      list,
    );
    look('');
  },
};

function receiptCard(api: Requests, signed: SignedReceipt): HTMLElement {
  const { receipt } = signed;
  const verdict = el('div', { class: 'verdict', attributes: { role: 'status' } });
  const rows = Object.entries(receipt.counts).map(([table, count]) => `${table}: ${count}`);
  return card(
    `Customer ${receipt.customerId}`,
    facts([
      ['Erased', moment(receipt.erasedAt)],
      ['Why', words(receipt.reason)],
      [
        'Owed under',
        receipt.rules.map(({ packId, article }) => `${packId.toUpperCase()} ${article}`).join('; ') || '–',
      ],
      ['Keys destroyed', String(receipt.keys.length)],
      ['Request', receipt.requestId === null ? 'none' : el('code', {}, receipt.requestId)],
      ['Signed with', el('code', {}, receipt.signingKeyId)],
    ]),
    el('details', {}, el('summary', {}, 'Rows destroyed'), el('pre', {}, rows.join('\n') || 'none')),
    el(
      'div',
      { class: 'row' },
      button('Check the signature', () => {
        void check(api, signed, verdict);
      }),
      button('Save', () => {
        const text = `${JSON.stringify(signed, null, 2)}\n`;
        save(new Blob([text], { type: 'application/json' }), `erasure-${receipt.erasureId}.json`);
      }),
    ),
    verdict,
  );
}

async function check(api: Requests, signed: SignedReceipt, verdict: HTMLElement): Promise<void> {
  const published = await api.send<{ keys: readonly Ed25519Jwk[] }>(
    'GET',
    '/.well-known/timbre-receipt-keys',
  );
  const found =
    published.kind === 'failed'
      ? ({ holds: false, why: published.message } as const)
      : await checkReceipt(signed, published.body.keys);
  verdict.replaceChildren(
    el(
      'div',
      { attributes: { 'data-tone': found.holds ? 'good' : 'bad' } },
      badge(found.holds ? 'genuine' : 'not shown to be genuine', found.holds ? 'good' : 'bad'),
      ` ${found.why}`,
    ),
  );
}
