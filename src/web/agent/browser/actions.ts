import { accountEventNames, enrolmentText } from './agent-states.js';
import type { Outcome } from '../../common/browser/requests.js';
import type { Api } from './api.js';
import type { AccountEventKind } from './api-types.js';
import type { CallView } from './calls-store.js';
import { consentNotice } from './consent-notice.js';
import type { CustomerFiles } from './customer-files.js';
import { byId, clock, partById, setText } from '../../common/browser/dom.js';
import { Feedback } from '../../common/browser/feedback.js';

/** What the agent can do for the chosen call. Each press is one request; its outcome is said beside the button. */
export class Actions {
  private readonly customers: CustomerFiles;
  private readonly customer = new Feedback('customer-feedback');
  private readonly account = new Feedback('account-feedback');
  private readonly consent = new Feedback('consent-feedback');
  private readonly enrolment = new Feedback('enrolment-feedback');
  private api: Api | null = null;
  private call: CallView | null = null;
  /** The form for a customer is open though one is named. */
  private renaming = false;
  /** Counts what was done about consent here, so that the customer's file is read again. */
  private consentChanges = 0;

  constructor(customers: CustomerFiles) {
    this.customers = customers;
    setText(byId('notice'), consentNotice.noticeText);
    const kinds = partById('account-event', HTMLSelectElement);
    for (const [kind, name] of Object.entries(accountEventNames)) kinds.add(new Option(name, kind));
    this.listen();
  }

  useApi(api: Api | null): void {
    this.api = api;
    this.call = null;
  }

  show(call: CallView): void {
    if (call.callId !== this.call?.callId) this.reset();
    const news = call.enrolment !== null && call.enrolment !== this.call?.enrolment ? call.enrolment : null;
    this.call = call;
    const { claimedCustomerId: customerId, agent, verification } = call.result;
    if (customerId !== null) {
      const version = `${agent.state} ${agent.reason} ${verification.consentId ?? ''} ${this.consentChanges}`;
      this.customers.refresh(customerId, version);
    }
    const over = call.closedAt !== null;
    byId('who').hidden = over;
    byId('claimed').hidden = customerId === null;
    byId('claim-form').hidden = customerId !== null && !this.renaming;
    byId('wrong-customer').setAttribute('aria-expanded', String(this.renaming));
    const consentId = this.consentId();
    byId('consent').hidden = customerId === null;
    byId('consent-ask').hidden = consentId !== null;
    byId('consent-held').hidden = consentId === null;
    const enrollable = agent.state === 'not-enrolled' || agent.state === 'voiceprint-expired';
    byId('enrolment').hidden = customerId === null || (!enrollable && call.enrolment === null);
    byId('enrol-offer').hidden = !enrollable || over;
    byId('enrol').hidden = consentId === null;
    setText(
      byId('enrol-hint'),
      consentId === null
        ? 'Needs the customer’s consent first.'
        : 'Only once you have identified the caller by other checks and they agree.',
    );
    if (news !== null)
      this.enrolment.say(
        news.kind === 'enrolled' || news.kind === 'incomplete' || news.kind === 'held',
        enrolmentText(news),
      );
    this.showRecorded(call);
  }

  /** The consent under which the voice is processed now, or else the one on file. */
  private consentId(): string | null {
    if (this.call === null) return null;
    const { claimedCustomerId, verification } = this.call.result;
    if (claimedCustomerId === null) return null;
    return verification.consentId ?? this.customers.of(claimedCustomerId)?.consentId ?? null;
  }

  private showRecorded(call: CallView): void {
    const list = byId('recorded');
    list.hidden = call.accountEvents.length === 0;
    if (list.childElementCount === call.accountEvents.length && list.dataset['callId'] === call.callId)
      return;
    list.dataset['callId'] = call.callId;
    const rows = call.accountEvents.map(({ kind, at }) => {
      const row = document.createElement('li');
      const time = document.createElement('time');
      time.dateTime = at;
      time.textContent = clock(at);
      row.append(accountEventNames[kind], time);
      return row;
    });
    list.replaceChildren(...rows);
  }

  private reset(): void {
    this.call = null;
    this.renaming = false;
    partById('customer', HTMLInputElement).value = '';
    for (const feedback of [this.customer, this.account, this.consent, this.enrolment]) feedback.clear();
  }

  private listen(): void {
    byId('claim-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.nameCustomer();
    });
    byId('wrong-customer').addEventListener('click', () => {
      this.renaming = !this.renaming;
      if (this.call !== null) this.show(this.call);
      if (this.renaming) byId('customer').focus();
    });
    byId('handed-over').addEventListener('click', () => {
      const done = 'The voice check begins again for the person speaking now.';
      void this.run(this.customer, done, (api, { callId, result }) =>
        api.claim(callId, result.claimedCustomerId ?? ''),
      );
    });
    byId('account-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const kind = partById('account-event', HTMLSelectElement).value as AccountEventKind;
      const done = `Recorded: ${accountEventNames[kind]}.`;
      void this.run(this.account, done, (api, { callId }) => api.recordAccountEvent(callId, kind));
    });
    byId('consent-given').addEventListener('click', () => {
      const done = 'Consent recorded, with the words you read.';
      void this.changeConsent(done, (api, customerId) => api.giveConsent(customerId, consentNotice));
    });
    byId('consent-withdrawn').addEventListener('click', () => {
      const done = 'Withdrawn. Voice processing has stopped and the voiceprint is destroyed.';
      const consentId = this.consentId() ?? '';
      void this.changeConsent(done, (api, customerId) => api.withdrawConsent(customerId, consentId));
    });
    byId('enrol').addEventListener('click', () => {
      const done = 'Gathering speech: let the customer talk. What comes of it is said here.';
      void this.run(this.enrolment, done, (api, { callId }) => api.startEnrolment(callId));
    });
  }

  private async nameCustomer(): Promise<void> {
    const input = partById('customer', HTMLInputElement);
    const customer = input.value.trim();
    if (customer === '') return;
    const outcome = await this.run(this.customer, `Customer ${customer} named.`, (api, { callId }) =>
      api.claim(callId, customer),
    );
    if (outcome === null) return;
    input.setAttribute('aria-invalid', String(outcome.kind === 'failed'));
    if (outcome.kind === 'failed') return;
    this.renaming = false;
    input.value = '';
    if (this.call !== null) this.show(this.call);
  }

  private async changeConsent(
    done: string,
    request: (api: Api, customerId: string) => Promise<Outcome>,
  ): Promise<void> {
    await this.run(this.consent, done, (api, { result }) => request(api, result.claimedCustomerId ?? ''));
    this.consentChanges += 1;
    if (this.call !== null) this.show(this.call);
  }

  /** Null when the agent has gone to another call meanwhile: the answer is not that call's. */
  private async run(
    feedback: Feedback,
    done: string,
    request: (api: Api, call: CallView) => Promise<Outcome>,
  ): Promise<Outcome | null> {
    const [api, call] = [this.api, this.call];
    if (api === null || call === null) return null;
    const outcome = await request(api, call);
    if (this.call?.callId !== call.callId) return null;
    feedback.say(outcome.kind === 'done', outcome.kind === 'done' ? done : `Not done. ${outcome.message}`);
    return outcome;
  }
}
