import { day, el, field, moment, table, words } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import { customerIdOf } from './customer-file.js';
import { badge, button, card, fill, form, lead, say, statusLine, textInput, textOf, wide } from './parts.js';
import type { Hold } from './retention-types.js';
import type { View } from './view.js';

/** What is kept past its date for a legal claim, with a reason and an end. */
export const holdsView: View = {
  id: 'holds',
  name: 'Legal holds',
  open(root: HTMLElement, api: Requests) {
    const list = el('div');
    const line = statusLine();
    const refresh = (): void => {
      void fill(list, api.send<{ holds: readonly Hold[] }>('GET', '/v1/legal-holds'), ({ holds }) =>
        holds.length === 0
          ? [el('p', { class: 'lead' }, 'There is none.')]
          : [holdTable(holds, (hold) => void release(hold))],
      );
    };
    const release = async ({ holdId }: Hold): Promise<void> => {
      const outcome = await api.send('POST', `/v1/legal-holds/${holdId}/release`);
      const done = outcome.kind === 'done';
      say(line, done, done ? 'Released: the next sweep destroys what is due.' : outcome.message);
      refresh();
    };
    const place = form(
      'Place the hold',
      [
        field('Account reference or customer id', textInput('customer', { required: '', maxlength: '200' })),
        field('Until, and with', textInput('end', { type: 'date', required: '' })),
        wide(
          field(
            'Reason',
            textInput('reason', { required: '', maxlength: '1000' }),
            'The claim, not the person',
          ),
        ),
      ],
      (data) => {
        void placeHold(api, data).then((problem) => {
          say(line, problem === null, problem ?? 'In force.');
          if (problem === null) refresh();
        });
      },
    );
    root.append(
      lead(
        'What is past its date is kept and not used. Consent withdrawn still destroys the voiceprint: a claim needs the record, not the voice.',
      ),
      card('Holds', list),
      card('Place a hold', place, line),
    );
    refresh();
  },
};

function holdTable(holds: readonly Hold[], release: (hold: Hold) => void): HTMLElement {
  return table(
    'Newest first',
    ['Of', 'Reason', 'State', 'Placed', 'Until', 'End it'],
    holds.map((hold) => [
      el('code', {}, hold.customerId ?? hold.entryId ?? ''),
      hold.reason,
      badge(words(hold.state), hold.state === 'in-force' ? 'warn' : 'neutral'),
      moment(hold.placedAt),
      day(hold.endsAt),
      hold.state === 'in-force'
        ? button('Release', () => {
            release(hold);
          })
        : null,
    ]),
  );
}

/** Null when it is in force; otherwise why not. */
async function placeHold(api: Requests, data: FormData): Promise<string | null> {
  const who = textOf(data, 'customer');
  const customerId = await customerIdOf(api, who);
  if (customerId === null) return `There is no customer ${who}.`;
  const end = new Date(`${textOf(data, 'end')}T00:00`);
  end.setDate(end.getDate() + 1);
  const body = { customerId, reason: textOf(data, 'reason'), endsAt: end.toISOString() };
  const outcome = await api.send('POST', '/v1/legal-holds', body);
  return outcome.kind === 'done' ? null : `Not placed. ${outcome.message}`;
}
