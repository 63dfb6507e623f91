import { consentMethods } from '../consent.js';
import type { LegalPack } from './pack.js';

export const cubi: LegalPack = {
  packId: 'cubi',
  name: 'Texas Capture or Use of Biometric Identifier',
  citation: 'Tex. Bus. & Com. Code 503.001',
  version: '2026-11-26',
  territories: ['US-TX'],
  exemptions: [
    '503.001(e)(1): voiceprint data retained by a financial institution or its affiliate (15 U.S.C. 6809).',
    '503.001(e)(3), in force since 2026-01-01: artificial intelligence that is developed or deployed against security incidents, identity theft and the like.',
  ],
  rules: {
    basis: { article: 'Bus. & Com. Code 503.001(b)', consent: 'informed-consent', methods: consentMethods },
    notice: {
      article: 'Bus. & Com. Code 503.001(b)(1)',
      contents: ['that-voice-is-captured'],
      inWriting: false,
      note: 'Before the capture.',
    },
    withdrawal: null,
    renewal: null,
    retention: [
      {
        article: 'Bus. & Com. Code 503.001(c)(3)',
        from: 'purpose-met',
        period: { months: 12 },
        note: 'Within a reasonable time, at the latest on the first anniversary.',
      },
    ],
    publicPolicy: null,
    access: null,
    portability: null,
    correction: null,
    erasure: null,
    objection: null,
    limit: null,
    appeal: null,
    optOutSignal: null,
    automatedDecisions: null,
    sale: {
      article: 'Bus. & Com. Code 503.001(c)(1)',
      sale: 'forbidden',
      note: 'Save as listed there, of which Timbre uses none.',
    },
    children: null,
    watchlist: { article: 'Bus. & Com. Code 503.001(b)', groundsWithoutConsent: [] },
    ownCallers: {
      article: 'Bus. & Com. Code 503.001(b), (c)',
      mayBeMeasured: true,
      note: 'Captured with consent; nothing is disclosed and nothing of it is kept longer.',
    },
    proof: null,
    breach: {
      article: 'Bus. & Com. Code 521.053',
      tellAuthorityWithin: { days: 30 },
      tellPersonsWithin: { days: 60 },
      note: 'The Attorney General is told where 250 residents or more are concerned.',
    },
  },
};
