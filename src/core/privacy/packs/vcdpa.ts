import { consentMethods } from '../consent.js';
import type { LegalPack, RequestRule } from './pack.js';

const within = (article: string): RequestRule => ({
  article: `Code 59.1-577(B)(1), ${article}`,
  answerWithin: { days: 45 },
  extension: { days: 45 },
  confirmReceiptWithin: null,
});

export const vcdpa: LegalPack = {
  packId: 'vcdpa',
  name: 'Virginia Consumer Data Protection Act',
  citation: 'Va. Code 59.1-575 and following',
  version: '2026-11-26',
  territories: ['US-VA'],
  exemptions: [
    '59.1-576(B): financial institutions and data subject to the Gramm-Leach-Bliley Act.',
    '59.1-575: data generated from an audio recording is not biometric data; a voiceprint made from a live call is treated as if it were.',
  ],
  rules: {
    basis: { article: 'Code 59.1-578(A)(5)', consent: 'opt-in-consent', methods: consentMethods },
    notice: {
      article: 'Code 59.1-578(C)',
      contents: ['categories-of-data', 'purposes', 'recipients', 'rights', 'how-to-appeal'],
      inWriting: false,
    },
    withdrawal: {
      article: 'Code 59.1-575',
      effect: 'stops',
      note: 'By what consent is, freely given: the act has no section on taking it back.',
    },
    renewal: null,
    retention: [{ article: 'Code 59.1-578(A)(1), (2)', from: 'purpose-met', period: { days: 0 } }],
    publicPolicy: null,
    access: within('59.1-577(A)(1)'),
    portability: within('59.1-577(A)(4)'),
    correction: within('59.1-577(A)(2)'),
    erasure: within('59.1-577(A)(3)'),
    objection: within('59.1-577(A)(5)'),
    limit: null,
    appeal: {
      article: 'Code 59.1-577(C)',
      answerWithin: { days: 60 },
      extension: null,
      confirmReceiptWithin: null,
      note: 'A refusal names the way to the Attorney General.',
    },
    optOutSignal: null,
    automatedDecisions: { article: 'Code 59.1-577(A)(5)(iii)', note: 'Opt-out of profiling.' },
    sale: { article: 'Code 59.1-577(A)(5)(ii)', sale: 'opt-out' },
    children: {
      article: 'Code 59.1-578(A)(5)',
      ownConsentFromAge: 13,
      note: 'Known children under 13: as COPPA asks.',
    },
    watchlist: {
      article: 'Code 59.1-578(A)(5)',
      groundsWithoutConsent: [],
      note: '59.1-582(A)(7) leaves room for the detection of fraud; Timbre takes the stricter reading until counsel says otherwise.',
    },
    ownCallers: {
      article: 'Code 59.1-582(B)',
      mayBeMeasured: true,
      note: 'Internal research to improve or repair products and services.',
    },
    proof: { article: 'Code 59.1-580', keepAtLeast: null, note: 'Data protection assessment.' },
    breach: { article: 'Code 18.2-186.6', tellAuthorityWithin: null, tellPersonsWithin: 'undue-delay' },
  },
};
