import { el, field, save } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import { timesOf } from './audit-view.js';
import { card, form, lead, say, select, statusLine, textInput, textOf } from './parts.js';
import type { View } from './view.js';

/** Files to hand over. */
export const exportsView: View = {
  id: 'exports',
  name: 'Exports',
  open(root: HTMLElement, api: Requests) {
    const line = statusLine();
    const ledgers = form(
      'Save as JSON Lines',
      [
        field(
          'Ledger',
          select('ledger', [
            ['audit', 'Audit log'],
            ['consents', 'Consent ledger'],
          ]),
        ),
        field('From', textInput('from', { type: 'date' })),
        field('Up to, and with', textInput('to', { type: 'date' })),
      ],
      (data) => {
        void download(api, data).then((problem) => {
          say(
            line,
            problem === null,
            problem ?? 'Saved. That it was taken out is an entry of the audit log.',
          );
        });
      },
    );
    root.append(
      lead('What another can check without trusting Timbre.'),
      card(
        'Ledgers',
        el(
          'p',
          { class: 'hint' },
          'Each line holds a row and its hashes; docs/privacy-ledger.md has a verifier of 20 lines. No voice, number or name is in it.',
        ),
        ledgers,
        line,
      ),
    );
  },
};

/** Null when it was saved; otherwise why not. */
async function download(api: Requests, data: FormData): Promise<string | null> {
  const ledger = textOf(data, 'ledger');
  const query = new URLSearchParams({ ledger, ...timesOf(data) });
  const outcome = await api.file(`/v1/audit/export?${query.toString()}`);
  if (outcome.kind === 'failed') return outcome.message;
  save(outcome.body, `${ledger}.jsonl`);
  return null;
}
