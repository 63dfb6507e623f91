import { type Api } from './api.js';
import type { DemoCustomer } from './cast.js';

const noticeText =
  'With your consent we make a voiceprint of your voice from this recording and compare it with your voice when you call, to keep others out of your account. It is kept encrypted, no longer than two years after your last call, and destroyed when you withdraw, which you can do at any time with one sentence. Your service does not depend on it.';

export interface Enrolled {
  readonly customerId: string;
  readonly consentId: string | null;
  readonly netSpeechMs: number | null;
}

/** A customer as the bank's own systems would make one: account, consent, recordings. */
export async function enrolCustomer(api: Api, customer: DemoCustomer): Promise<Enrolled> {
  const { customerId } = await api.call<{ customerId: string }>('POST', '/v1/customers', {
    accountRef: customer.accountRef,
    residence: 'GB',
  });
  if (!customer.consents) return { customerId, consentId: null, netSpeechMs: null };
  const { consentId } = await api.call<{ consentId: string }>(
    'POST',
    `/v1/customers/${customerId}/consents`,
    {
      purposes: ['verification', 'enrolment'],
      noticeVersion: 'demo-1',
      noticeLanguage: 'en',
      noticeText,
      method: 'web-form',
    },
  );
  let netSpeechMs: number | null = null;
  for (const file of customer.enrolOn) {
    const outcome = await api.upload<{ netSpeechMs: number }>(`/v1/customers/${customerId}/enrolments`, file);
    netSpeechMs = outcome.netSpeechMs;
  }
  return { customerId, consentId, netSpeechMs };
}
