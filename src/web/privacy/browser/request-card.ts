import { day, el, facts, moment, words } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import { badge, card, type Tone } from './parts.js';
import { requestSteps } from './request-steps.js';
import type { RightsRequest } from './request-types.js';

const standings: Readonly<Record<RightsRequest['standing'], readonly [string, Tone]>> = {
  answered: ['answered', 'good'],
  'on-time': ['in time', 'wait'],
  'due-soon': ['due soon', 'warn'],
  overdue: ['overdue', 'bad'],
};

export function requestCard(api: Requests, request: RightsRequest, changed: () => void): HTMLElement {
  const [standing, tone] = standings[request.standing];
  const { dueBy, right, receipt, identity, answer } = request;
  return card(
    `${words(request.kind)}: ${words(request.state).toLowerCase()}`,
    facts([
      ['Answer by', el('span', {}, day(request.dueAt), ' ', badge(standing, tone))],
      ['Set by', `${dueBy.packId.toUpperCase()} ${dueBy.article}`],
      [
        'Right under',
        right === null
          ? 'no law of theirs; answered all the same'
          : `${right.packId.toUpperCase()} ${right.article}`,
      ],
      ['Came in', el('span', {}, moment(request.receivedAt), ` by ${words(request.channel).toLowerCase()}`)],
      ['Receipt', receiptText(receipt)],
      [
        'Identity',
        identity === null
          ? 'not checked yet'
          : `${words(identity.method)}, ${identity.passed ? 'passed' : 'not passed'}`,
      ],
      ['Extension', extensionText(request.extension)],
      ['Customer id', el('code', {}, request.customerId)],
      ...(request.scopes.length === 0 ? [] : [['About', request.scopes.map(words).join(', ')] as const]),
      ...(answer === null ? [] : answerFacts(request, answer)),
    ]),
    answer === null ? requestSteps(api, request, changed) : null,
  );
}

function receiptText({ standing, confirmBy, confirmedAt }: RightsRequest['receipt']): HTMLElement | string {
  switch (standing) {
    case 'not-asked':
      return 'no law of theirs asks for it';
    case 'confirmed':
      return confirmedAt === null ? 'with the answer' : el('span', {}, 'confirmed ', moment(confirmedAt));
    case 'to-confirm':
    case 'overdue':
      return el(
        'span',
        {},
        'to confirm by ',
        confirmBy === null ? '–' : day(confirmBy),
        ' ',
        standing === 'overdue' ? badge('overdue', 'bad') : '',
      );
  }
}

function extensionText(extension: RightsRequest['extension']): HTMLElement | string {
  switch (extension.kind) {
    case 'possible':
      return el('span', {}, 'possible until ', day(extension.until));
    case 'made':
      return el('span', {}, 'made ', moment(extension.at), `: ${extension.reason ?? ''}`);
    case 'not-allowed':
      return 'not allowed';
  }
}

function answerFacts(
  { appealUnder }: RightsRequest,
  { at, explanation, refusal, erasureId }: NonNullable<RightsRequest['answer']>,
): (readonly [string, HTMLElement | string])[] {
  return [
    ['Answered', moment(at)],
    ['Told', explanation ?? '–'],
    ...(refusal === null
      ? []
      : ([
          ['Refused', `${words(refusal.reason)} (${refusal.article})`],
          [
            'Appeal',
            appealUnder === null
              ? 'to the authority'
              : `${appealUnder.packId.toUpperCase()} ${appealUnder.article}`,
          ],
        ] as const)),
    ...(erasureId === null ? [] : ([['Erasure', el('code', {}, erasureId)]] as const)),
  ];
}
