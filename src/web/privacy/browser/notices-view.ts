import { el, field, moment, table, words } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import type { Notice } from './api-types.js';
import { noticeWords } from './customer-file.js';
import { badge, card, fill, form, lead, say, statusLine, textInput, textOf, wide } from './parts.js';
import type { View } from './view.js';

const purposes = ['verification', 'enrolment', 'fraud-watchlist'] as const;

/** The words that people agree to, in every version and language. */
export const noticesView: View = {
  id: 'notices',
  name: 'Notices',
  open(root: HTMLElement, api: Requests) {
    const list = el('div');
    const refresh = (): void => {
      void fill(
        list,
        api.send<{ notices: readonly Notice[] }>('GET', '/v1/consent-notices'),
        ({ notices }) => [noticeTable(notices)],
      );
    };
    const line = statusLine();
    const publish = form('Publish', publishFields(), (data) => {
      void api.send('POST', '/v1/consent-notices', noticeOf(data)).then((outcome) => {
        const done = outcome.kind === 'done';
        say(
          line,
          done,
          done ? 'Published. It never changes from now on.' : `Not published. ${outcome.message}`,
        );
        if (done) refresh();
      });
    });
    root.append(
      lead(
        'Words never change within a version. One that asks again makes consents under older versions count no more.',
      ),
      card('Versions', list),
      card('Publish a version, or a version in another language', publish, line),
    );
    refresh();
  },
};

function noticeTable(notices: readonly Notice[]): HTMLElement {
  return table(
    'Oldest first',
    ['Words', 'Purposes', 'In force from', 'Asks again'],
    notices.map((notice) => [
      noticeWords({
        noticeVersion: notice.version,
        noticeLanguage: notice.language,
        noticeText: notice.text,
      }),
      notice.purposes?.map((purpose) => words(purpose)).join(', ') ?? 'not said: it came with a consent',
      moment(notice.effectiveFrom),
      notice.asksAgain ? badge('asks again', 'warn') : 'no',
    ]),
  );
}

function publishFields(): HTMLElement[] {
  const checks = purposes.map((purpose) =>
    el(
      'label',
      { class: 'check' },
      el('input', { attributes: { type: 'checkbox', name: 'purposes', value: purpose } }),
      words(purpose),
    ),
  );
  const again = el('input', { attributes: { type: 'checkbox', name: 'asksAgain' } });
  return [
    field('Version', textInput('version', { required: '', maxlength: '100' })),
    field('Language', textInput('language', { required: '', placeholder: 'en-GB' })),
    el('fieldset', {}, el('legend', {}, 'Purposes that it names'), ...checks),
    el(
      'fieldset',
      {},
      el('legend', {}, 'Older consents'),
      el('label', { class: 'check' }, again, 'Ask again'),
    ),
    wide(field('Words', el('textarea', { id: 'in-text', attributes: { name: 'text', required: '' } }))),
  ];
}

function noticeOf(data: FormData): object {
  return {
    version: textOf(data, 'version'),
    language: textOf(data, 'language'),
    text: textOf(data, 'text'),
    purposes: data.getAll('purposes'),
    asksAgain: data.get('asksAgain') !== null,
  };
}
