import { el, facts, moment } from '../../common/browser/elements.js';
import type { Outcome, Requests } from '../../common/browser/requests.js';
import type { LedgerHead, LedgerName, LedgerVerification } from './api-types.js';
import { button, card, fill } from './parts.js';

const names: Readonly<Record<LedgerName, string>> = {
  consents: 'Chain of the consent ledger',
  audit: 'Chain of the audit log',
};

/** A card for each chain: how long it is, its last hash, and a button that has every row checked. */
export function chainCards(api: Requests): HTMLElement[] {
  const heads = api.send<{ ledgers: readonly LedgerHead[] }>('GET', '/v1/privacy/ledgers');
  return (Object.keys(names) as LedgerName[]).map((ledger) => {
    const head = el('div');
    const verdict = el('div', { class: 'verdict', attributes: { role: 'status' } });
    const check = button('Check every row', () => {
      void checkChain(api, ledger, verdict);
    });
    void fill(head, heads, ({ ledgers }) => headFacts(ledgers.find((found) => found.ledger === ledger)));
    return card(names[ledger], head, el('div', { class: 'row' }, check), verdict);
  });
}

function headFacts(head: LedgerHead | undefined): HTMLElement[] {
  return [
    facts([
      ['Rows', String(head?.rows ?? 0)],
      ['Hash of the last row', head?.head === null || head === undefined ? '–' : el('code', {}, head.head)],
    ]),
    el(
      'p',
      { class: 'hint' },
      'Note the hash where nobody who can write the database can reach it: only that tells a chain written anew.',
    ),
  ];
}

async function checkChain(api: Requests, ledger: LedgerName, verdict: HTMLElement): Promise<void> {
  verdict.replaceChildren(el('p', { class: 'hint' }, 'Reading every row…'));
  const path = `/v1/privacy/ledgers/${ledger}/verification`;
  const outcome: Outcome<LedgerVerification> = await api.send('POST', path);
  if (outcome.kind === 'failed') {
    verdict.replaceChildren(el('div', { attributes: { 'data-tone': 'bad' } }, outcome.message));
    return;
  }
  const { whole, rows, findings, checkedAt } = outcome.body;
  const said = whole
    ? `Whole: each of ${rows} rows is as it was recorded. `
    : `Not whole: ${findings.length} of what was found in ${rows} rows is not as it was recorded. `;
  verdict.replaceChildren(
    el(
      'div',
      { attributes: { 'data-tone': whole ? 'good' : 'bad' } },
      el('p', {}, said, 'Checked ', moment(checkedAt), '.'),
      whole ? null : el('ul', {}, ...findings.map((finding) => el('li', {}, finding))),
    ),
  );
}
