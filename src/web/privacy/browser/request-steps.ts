import { el, field, save, words } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import { button, form, say, select, statusLine, textInput, textOf } from './parts.js';
import type { RightsRequest } from './request-types.js';

const identityMethods = ['security-questions', 'document', 'in-person', 'representative'] as const;
const refusalReasons = [
  'identity-not-established',
  'unfounded-or-excessive',
  'legal-claims',
  'legal-obligation',
  'security-exception',
  'rights-of-others',
  'compelling-grounds',
  'nothing-held',
] as const;

/** What can be done with an open request: each press is one request to the API, which says what is not possible yet. */
export function requestSteps(api: Requests, request: RightsRequest, changed: () => void): HTMLElement {
  const line = statusLine();
  const { requestId, kind, state, receipt, extension, identity } = request;
  const path = `/v1/requests/${requestId}`;
  const step = (name: string, body?: object): void => {
    void api.send('POST', `${path}/${name}`, body).then((outcome) => {
      if (outcome.kind === 'done') changed();
      else say(line, false, `Not done. ${outcome.message}`);
    });
  };
  const presses = [
    ...(receipt.standing === 'to-confirm' || receipt.standing === 'overdue'
      ? [
          button('Receipt was confirmed', () => {
            step('receipt');
          }),
        ]
      : []),
    ...(state === 'identity-checked'
      ? [
          button('Begin work', () => {
            step('start');
          }),
        ]
      : []),
    ...(kind === 'access' || kind === 'portability'
      ? [
          button('Save the bundle', () => {
            void bundle(api, path, 'bundle', line, changed);
          }),
          button('Save it to read', () => {
            void bundle(api, path, 'bundle.html', line, changed);
          }),
        ]
      : []),
  ];
  return el(
    'div',
    { class: 'steps' },
    el('div', { class: 'row' }, ...presses),
    identity === null ? unfold('Check who is asking', identityForm(requestId, step)) : null,
    extension.kind === 'possible' ? unfold('Extend the time', extensionForm(requestId, step)) : null,
    unfold(kind === 'erasure' ? 'Erase, and answer' : 'Fulfil', fulfilmentForm(request, step)),
    unfold('Refuse', refusalForm(requestId, step)),
    line,
  );
}

type Step = (name: string, body?: object) => void;

function unfold(name: string, content: HTMLElement): HTMLElement {
  return el('details', { class: 'step-form' }, el('summary', {}, name), content);
}

/** Ids of fields differ from card to card. */
const own = <T extends HTMLElement>(input: T, requestId: string): T => {
  input.id = `${input.id}-${requestId}`;
  return input;
};

function identityForm(requestId: string, step: Step): HTMLElement {
  const methods = select(
    'method',
    identityMethods.map((method) => [method, words(method)] as const),
  );
  const outcomes = select('passed', [
    ['yes', 'They are who they say'],
    ['no', 'Not established'],
  ]);
  const fields = [
    field('How', own(methods, requestId)),
    field('What came of it', own(outcomes, requestId)),
    field(
      'Your number of the check',
      own(textInput('reference', { maxlength: '200' }), requestId),
      'Never a document or its number',
    ),
  ];
  return form('Record the check', fields, (data) => {
    const reference = textOf(data, 'reference');
    const proof = { method: textOf(data, 'method'), ...(reference !== '' && { reference }) };
    step('identity-check', { passed: textOf(data, 'passed') === 'yes', proof });
  });
}

function extensionForm(requestId: string, step: Step): HTMLElement {
  const reason = textArea('reason', requestId);
  return form('Extend', [field('Reason that the person is told', reason)], (data) => {
    step('extension', { reason: textOf(data, 'reason') });
  });
}

function fulfilmentForm({ requestId, kind }: RightsRequest, step: Step): HTMLElement {
  const explanation = textArea('explanation', requestId, false);
  const sure = el('input', { attributes: { type: 'checkbox', name: 'sure', required: '' } });
  const fields = [
    field('What the person is told', explanation),
    ...(kind === 'erasure'
      ? [el('label', { class: 'check' }, sure, 'Destroy everything of this person. It cannot be undone.')]
      : []),
  ];
  return form(kind === 'erasure' ? 'Erase' : 'Fulfil', fields, (data) => {
    const told = textOf(data, 'explanation');
    step('fulfilment', told === '' ? {} : { explanation: told });
  });
}

function refusalForm(requestId: string, step: Step): HTMLElement {
  const reasons = select(
    'refusal',
    refusalReasons.map((reason) => [reason, words(reason)] as const),
  );
  const fields = [
    field('Reason', own(reasons, requestId)),
    field(
      'Article',
      own(
        textInput('article', { required: '', maxlength: '200', placeholder: 'GDPR Art. 12(2)' }),
        requestId,
      ),
    ),
    field('What the person is told', textArea('told', requestId)),
  ];
  return form('Refuse', fields, (data) => {
    const [reason, article, explanation] = ['refusal', 'article', 'told'].map((name) => textOf(data, name));
    step('refusal', { reason, article, explanation });
  });
}

function textArea(name: string, requestId: string, required = true): HTMLTextAreaElement {
  const attributes = { name, ...(required && { required: '' }) };
  return el('textarea', { id: `in-${name}-${requestId}`, attributes });
}

async function bundle(
  api: Requests,
  path: string,
  file: 'bundle' | 'bundle.html',
  line: HTMLElement,
  changed: () => void,
): Promise<void> {
  const outcome = await api.file(`${path}/${file}`);
  if (outcome.kind === 'failed') {
    say(line, false, `Not handed out. ${outcome.message}`);
    return;
  }
  save(outcome.body, file === 'bundle' ? 'data.json' : 'data.html');
  changed();
}
