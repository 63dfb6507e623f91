import { consentMethods } from '../consent.js';
import type { LegalPack, RequestRule } from './pack.js';

const within = (article: string): RequestRule => ({
  article: `C.R.S. 6-1-1306(2), ${article}`,
  answerWithin: { days: 45 },
  extension: { days: 45 },
  confirmReceiptWithin: null,
});

export const cpa: LegalPack = {
  packId: 'cpa',
  name: 'Colorado Privacy Act with HB 24-1130',
  citation: 'C.R.S. 6-1-1301 and following; 4 CCR 904-3',
  version: '2026-11-26',
  territories: ['US-CO'],
  exemptions: ['6-1-1304(2)(q): financial institutions subject to the Gramm-Leach-Bliley Act.'],
  rules: {
    basis: {
      article: 'C.R.S. 6-1-1308(7), 6-1-1314',
      consent: 'opt-in-consent',
      methods: consentMethods,
      note: 'Clear affirmative action or statement, 4 CCR 904-3 Rule 7.03.',
    },
    notice: {
      article: 'C.R.S. 6-1-1308(1), 6-1-1314',
      contents: [
        'that-voice-is-captured',
        'categories-of-data',
        'purposes',
        'retention-period',
        'recipients',
        'rights',
        'how-to-appeal',
      ],
      inWriting: false,
    },
    withdrawal: { article: 'C.R.S. 6-1-1306(1)(a)(IV)(C), 4 CCR 904-3 Rule 7.07', effect: 'stops' },
    renewal: {
      article: '4 CCR 904-3 Rule 7.08',
      afterLastInteraction: { months: 24 },
      note: 'Consent for sensitive data is refreshed when the person has not interacted for 24 months.',
    },
    retention: [
      { article: 'C.R.S. 6-1-1314(2)(a)(III)(A)', from: 'purpose-met', period: { days: 0 } },
      { article: 'C.R.S. 6-1-1314(2)(a)(III)(B)', from: 'last-interaction', period: { months: 24 } },
      {
        article: 'C.R.S. 6-1-1314(2)(a)(III)(C)',
        from: 'found-unneeded',
        period: { days: 45 },
        reviewEvery: { months: 12 },
        note: 'The yearly review is also in 4 CCR 904-3 Rule 6.07.',
      },
    ],
    publicPolicy: {
      article: 'C.R.S. 6-1-1314(2)',
      note: 'Retention, deletion and breach protocol, in writing.',
    },
    access: within('6-1-1306(1)(b), 6-1-1314'),
    portability: within('6-1-1306(1)(e)'),
    correction: within('6-1-1306(1)(c)'),
    erasure: within('6-1-1306(1)(d)'),
    objection: within('6-1-1306(1)(a)'),
    limit: null,
    appeal: {
      article: 'C.R.S. 6-1-1306(3)',
      answerWithin: { days: 45 },
      extension: { days: 60 },
      confirmReceiptWithin: null,
      note: 'A refusal names the way to the Attorney General.',
    },
    optOutSignal: {
      article: 'C.R.S. 6-1-1306(1)(a)(IV)(B), 4 CCR 904-3 Part 5',
      note: 'Global Privacy Control.',
    },
    automatedDecisions: { article: 'C.R.S. 6-1-1306(1)(a)(I)(C)', note: 'Opt-out of profiling.' },
    sale: { article: 'C.R.S. 6-1-1306(1)(a)(I)(B), 6-1-1314', sale: 'opt-out' },
    children: { article: 'C.R.S. 6-1-1308(7)', ownConsentFromAge: 13 },
    watchlist: {
      article: 'C.R.S. 6-1-1308(7), 6-1-1314',
      groundsWithoutConsent: [],
      note: '6-1-1304(3)(a) leaves room for the detection of fraud; Timbre takes the stricter reading until counsel says otherwise.',
    },
    ownCallers: {
      article: 'C.R.S. 6-1-1304(3)(a)',
      mayBeMeasured: true,
      note: 'Internal research to improve or repair products and services; the consent to biometric data must cover it, 6-1-1314.',
    },
    proof: { article: 'C.R.S. 6-1-1309, 4 CCR 904-3 Rule 6.11', keepAtLeast: { months: 24 } },
    breach: {
      article: 'C.R.S. 6-1-716(2), 6-1-1314(2)',
      tellAuthorityWithin: { days: 30 },
      tellPersonsWithin: { days: 30 },
      note: 'With a written protocol for biometric data. The Attorney General is told where 500 residents or more are concerned.',
    },
  },
};
