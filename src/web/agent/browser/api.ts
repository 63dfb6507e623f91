import { Requests, type Outcome } from '../../common/browser/requests.js';
import type { AccountEventKind, Consent } from './api-types.js';

/** The agent's requests. */
export class Api {
  private readonly requests: Requests;

  constructor(token: string) {
    this.requests = new Requests(token);
  }

  claim(callId: string, customer: string): Promise<Outcome> {
    return this.requests.send('POST', `/v1/calls/${callId}/claim`, { customer });
  }

  recordAccountEvent(callId: string, kind: AccountEventKind): Promise<Outcome> {
    return this.requests.send('POST', `/v1/calls/${callId}/account-events`, { kind });
  }

  startEnrolment(callId: string): Promise<Outcome> {
    return this.requests.send('POST', `/v1/calls/${callId}/enrolment`);
  }

  customer(customerId: string): Promise<Outcome<{ readonly accountRef: string }>> {
    return this.requests.send('GET', `/v1/customers/${customerId}`);
  }

  consents(customerId: string): Promise<Outcome<{ readonly consents: readonly Consent[] }>> {
    return this.requests.send('GET', `/v1/customers/${customerId}/consents`);
  }

  giveConsent(customerId: string, consent: object): Promise<Outcome> {
    return this.requests.send('POST', `/v1/customers/${customerId}/consents`, consent);
  }

  withdrawConsent(customerId: string, consentId: string): Promise<Outcome> {
    return this.requests.send('DELETE', `/v1/customers/${customerId}/consents/${consentId}`);
  }
}
