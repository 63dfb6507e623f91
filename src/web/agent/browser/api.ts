import type { AccountEventKind, Consent, Problem } from './api-types.js';

export type Outcome<T = unknown> =
  { readonly kind: 'done'; readonly body: T } | { readonly kind: 'failed'; readonly message: string };

/** The agent's requests. Each ends in a value: what came back, or why not in words. */
export class Api {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  claim(callId: string, customer: string): Promise<Outcome> {
    return this.#send('POST', `/v1/calls/${callId}/claim`, { customer });
  }

  recordAccountEvent(callId: string, kind: AccountEventKind): Promise<Outcome> {
    return this.#send('POST', `/v1/calls/${callId}/account-events`, { kind });
  }

  startEnrolment(callId: string): Promise<Outcome> {
    return this.#send('POST', `/v1/calls/${callId}/enrolment`);
  }

  customer(customerId: string): Promise<Outcome<{ readonly accountRef: string }>> {
    return this.#send('GET', `/v1/customers/${customerId}`);
  }

  consents(customerId: string): Promise<Outcome<{ readonly consents: readonly Consent[] }>> {
    return this.#send('GET', `/v1/customers/${customerId}/consents`);
  }

  giveConsent(customerId: string, consent: object): Promise<Outcome> {
    return this.#send('POST', `/v1/customers/${customerId}/consents`, consent);
  }

  withdrawConsent(customerId: string, consentId: string): Promise<Outcome> {
    return this.#send('DELETE', `/v1/customers/${customerId}/consents/${consentId}`);
  }

  async #send<T>(method: string, path: string, body?: object): Promise<Outcome<T>> {
    try {
      const answer = await fetch(path, {
        method,
        headers: {
          Authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json: unknown = text === '' ? null : JSON.parse(text);
      if (answer.ok) return { kind: 'done', body: json as T };
      return { kind: 'failed', message: problemText(json as Problem) };
    } catch {
      return { kind: 'failed', message: 'Timbre could not be reached. Nothing was recorded; try again.' };
    }
  }
}

export function problemText(problem: Problem): string {
  const fields = problem.errors?.map(({ field, expected }) => `${field}: ${expected}`) ?? [];
  return [problem.detail ?? problem.title, ...fields].join(' ');
}
