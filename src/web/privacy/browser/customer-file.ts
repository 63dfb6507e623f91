import { day, el, facts, moment, table, words } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import type { AuditPage, Consent, Customer, CustomerState, Objection } from './api-types.js';
import { auditTable } from './audit-table.js';
import { badge, card, fill, say, statusLine, type Tone } from './parts.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const stateTones: Readonly<Record<string, Tone>> = {
  granted: 'good',
  active: 'good',
  withdrawn: 'bad',
  objected: 'bad',
  revoked: 'bad',
  expired: 'warn',
};

/** All that is known of one person's consent, their voiceprint, and what was done about them. */
export async function showCustomer(root: HTMLElement, api: Requests, asked: string): Promise<void> {
  const customerId = await customerIdOf(api, asked);
  if (customerId === null) {
    const line = statusLine();
    root.replaceChildren(line);
    say(line, false, `There is no customer ${asked}.`);
    return;
  }
  const state = el('div');
  const consents = el('div');
  const objections = el('div');
  const audit = el('div');
  root.replaceChildren(
    card('What holds now', state),
    card('Consents given', consents),
    card('Objections and limits', objections),
    card('What was done, newest first', audit),
  );
  await Promise.all([
    fill(state, api.send<CustomerState>('GET', `/v1/customers/${customerId}`), stateFacts),
    fill(
      consents,
      api.send<{ consents: readonly Consent[] }>('GET', `/v1/customers/${customerId}/consents`),
      ({ consents: given }) => (given.length === 0 ? ['None was ever given.'] : [consentTable(given)]),
    ),
    fill(
      objections,
      api.send<{ objections: readonly Objection[] }>('GET', `/v1/customers/${customerId}/objections`),
      ({ objections: made }) => (made.length === 0 ? ['None was ever made.'] : [objectionTable(made)]),
    ),
    fill(
      audit,
      api.send<AuditPage>('GET', `/v1/audit/entries?limit=50&subjectId=${customerId}`),
      ({ entries }) =>
        entries.length === 0 ? ['Nothing yet.'] : [auditTable('Entries of the audit log', entries)],
    ),
  ]);
}

/** By account reference, or by id; null when there is no such customer. */
export async function customerIdOf(api: Requests, asked: string): Promise<string | null> {
  const query = `/v1/customers?accountRef=${encodeURIComponent(asked)}`;
  const listed = await api.send<{ customers: readonly Customer[] }>('GET', query);
  const byRef = listed.kind === 'done' ? listed.body.customers[0]?.customerId : undefined;
  if (byRef !== undefined || !uuid.test(asked)) return byRef ?? null;
  const own = await api.send<Customer>('GET', `/v1/customers/${asked}`);
  return own.kind === 'done' ? own.body.customerId : null;
}

function stateFacts(customer: CustomerState): HTMLElement[] {
  const consent = Object.entries(customer.consent).map(
    ([purpose, state]) =>
      [`Consent to ${words(purpose).toLowerCase()}`, badge(state, stateTones[state] ?? 'neutral')] as const,
  );
  return [
    facts([
      ['Account', customer.accountRef],
      ['Residence', customer.residence ?? 'unknown: every pack that is on applies'],
      ['Voiceprint', badge(customer.voiceprint, stateTones[customer.voiceprint] ?? 'neutral')],
      ...consent,
      ['Last interaction', moment(customer.lastInteractionAt)],
      ['Customer id', el('code', {}, customer.customerId)],
    ]),
  ];
}

function consentTable(consents: readonly Consent[]): HTMLElement {
  return table(
    'Oldest first. Each purpose is agreed to by itself.',
    ['Given', 'Purposes', 'State', 'How', 'Words', 'Until'],
    consents.map((consent) => [
      moment(consent.givenAt),
      consent.purposes.map((purpose) => words(purpose)).join(', '),
      stateOf(consent),
      words(consent.method),
      noticeWords(consent),
      consent.validUntil === null ? 'no end' : day(consent.validUntil),
    ]),
  );
}

function objectionTable(objections: readonly Objection[]): HTMLElement {
  return table(
    'Oldest first. The customer takes one back on their page or by telephone.',
    ['Made', 'What', 'To', 'State'],
    objections.map(({ since, kind, scopes, standing, takenBackAt }) => [
      moment(since),
      words(kind),
      scopes.map(words).join(', '),
      el(
        'div',
        {},
        badge(words(standing).toLowerCase(), standing === 'in-force' ? 'bad' : 'neutral'),
        takenBackAt === null ? null : el('p', { class: 'hint' }, moment(takenBackAt)),
      ),
    ]),
  );
}

function stateOf({ state, standingPurposes, purposes, askedAgain, withdrawnAt }: Consent): HTMLElement {
  const partly = state === 'granted' && standingPurposes.length < purposes.length;
  return el(
    'div',
    {},
    badge(partly ? 'partly withdrawn' : state, stateTones[state] ?? 'neutral'),
    withdrawnAt === null ? null : el('p', { class: 'hint' }, moment(withdrawnAt)),
    askedAgain.length === 0
      ? null
      : el('p', { class: 'hint' }, `Asked again by a newer notice: ${askedAgain.join(', ')}`),
  );
}

export function noticeWords(notice: {
  readonly noticeVersion: string;
  readonly noticeLanguage: string;
  readonly noticeText: string;
}): HTMLElement {
  const { noticeVersion, noticeLanguage, noticeText } = notice;
  return el(
    'details',
    {},
    el('summary', {}, `${noticeVersion} (${noticeLanguage})`),
    el('blockquote', { attributes: { lang: noticeLanguage } }, noticeText),
  );
}
