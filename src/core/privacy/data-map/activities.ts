import type { Recipient } from './recipients.js';

/** Whose laws Timbre holds as packs; each basis names its article, so that counsel can check it. */
type Law = 'GDPR' | 'CCPA' | 'VCDPA' | 'CPA' | 'BIPA' | 'CUBI';

export interface Basis {
  readonly law: Law;
  readonly article: string;
  readonly ground: string;
}

/** One processing activity (GDPR Art. 30(1)): everything personal that Timbre keeps serves one of them. */
export interface Activity {
  readonly name: string;
  readonly purpose: string;
  readonly bases: readonly Basis[];
  readonly people: readonly string[];
  readonly recipients: readonly Recipient[];
}

/** What every law asks for before a voice is processed (privacy-law.md, first row). */
const consentBases: readonly Basis[] = [
  { law: 'GDPR', article: 'Art. 9(2)(a), 6(1)(a)', ground: 'explicit consent' },
  { law: 'CCPA', article: '1798.100, 1798.121', ground: 'notice at collection; right to limit' },
  { law: 'VCDPA', article: '59.1-578(A)(5)', ground: 'opt-in consent for sensitive data' },
  { law: 'CPA', article: '6-1-1308(7), 6-1-1314', ground: 'opt-in consent, biometric notice' },
  { law: 'BIPA', article: '15(b)', ground: 'written release' },
  { law: 'CUBI', article: '503.001(b)', ground: 'inform and consent' },
];
const fraudBases: readonly Basis[] = [
  {
    law: 'GDPR',
    article: 'Art. 6(1)(f), recital 47',
    ground: 'legitimate interest: preventing fraud against the customer and the business',
  },
  { law: 'CCPA', article: '1798.140(e)(2)', ground: 'business purpose: security and integrity' },
  { law: 'VCDPA', article: '59.1-582(A)(7)', ground: 'preventing and detecting fraud' },
  { law: 'CPA', article: '6-1-1304(3)(a)(X)', ground: 'preventing and detecting fraud' },
];
const proofBases: readonly Basis[] = [
  {
    law: 'GDPR',
    article: 'Art. 6(1)(c) with 5(2), 7(1)',
    ground: 'legal obligation to show that the law was kept',
  },
  { law: 'CCPA', article: '11 CCR 7101', ground: 'records of requests and answers, 24 months' },
  { law: 'BIPA', article: '15(b)(3)', ground: 'the release on file' },
];

export const activities = {
  verification: {
    name: 'Voice verification',
    purpose: 'To check during a call that the caller is the customer they say they are',
    bases: consentBases,
    people: ['customers who consented'],
    recipients: ['agents', 'customer service', 'fraud team', 'the person'],
  },
  enrolment: {
    name: 'Enrolment',
    purpose: 'To make and keep the voiceprint that verification compares with',
    bases: consentBases,
    people: ['customers who consented'],
    recipients: ['customer service', 'the person'],
  },
  calls: {
    name: 'Call records',
    purpose: 'To show the agent who is calling, and to be able to explain each automated result afterwards',
    bases: fraudBases,
    people: ['callers', 'customers a call is claimed for'],
    recipients: ['agents', 'fraud team', 'administrators', 'the person'],
  },
  'fraud-detection': {
    name: 'Fraud detection',
    purpose:
      'To notice calls in which somebody may be misusing a customer’s account, and have people look at them',
    bases: fraudBases,
    people: ['callers', 'customers a call is claimed for'],
    recipients: ['agents', 'fraud team', 'the person'],
  },
  watchlist: {
    name: 'Watchlist screening',
    purpose: 'To notice the voice of somebody who has defrauded the business before',
    bases: [
      {
        law: 'GDPR',
        article: 'Art. 9(2)(a), (f) or (g)',
        ground: 'as documented and reviewed for each list; nothing is listed without',
      },
      { law: 'CCPA', article: '1798.140(e)(2)', ground: 'security and integrity' },
      { law: 'BIPA', article: '15(b)', ground: 'the listed person’s own written release only' },
      { law: 'CUBI', article: '503.001(b)', ground: 'the listed person’s own consent only' },
      { law: 'VCDPA', article: '59.1-578(A)(5)', ground: 'the listed person’s own consent only' },
      { law: 'CPA', article: '6-1-1308(7), 6-1-1314', ground: 'the listed person’s own consent only' },
    ],
    people: ['people confirmed to have defrauded the business'],
    recipients: ['fraud team', 'privacy officer'],
  },
  proof: {
    name: 'Proof of consent and of what was done',
    purpose: 'To be able to show which consent there was, what was done with whose data, and by whom',
    bases: proofBases,
    people: ['customers', 'the business’s own people'],
    recipients: ['privacy officer', 'auditors', 'supervisory authority', 'the person'],
  },
  requests: {
    name: 'Requests of people about their data',
    purpose: 'To answer requests for access, copy, correction, erasure, objection and appeal in time',
    bases: [
      { law: 'GDPR', article: 'Art. 6(1)(c) with 12 to 22', ground: 'legal obligation to answer' },
      { law: 'CCPA', article: '1798.130', ground: 'obligation to answer' },
      { law: 'VCDPA', article: '59.1-577', ground: 'obligation to answer' },
      { law: 'CPA', article: '6-1-1306', ground: 'obligation to answer' },
    ],
    people: ['customers who asked'],
    recipients: ['customer service', 'privacy officer', 'the person'],
  },
  'access-control': {
    name: 'Access control',
    purpose: 'To let in only whom the business has let in, and to say afterwards who it was',
    bases: [
      {
        law: 'GDPR',
        article: 'Art. 6(1)(f) with 32',
        ground: 'legitimate interest and duty: security of processing',
      },
    ],
    people: ['the business’s own people', 'customers on their own page'],
    recipients: ['administrators', 'privacy officer'],
  },
} as const satisfies Readonly<Record<string, Activity>>;
export type ActivityId = keyof typeof activities;
