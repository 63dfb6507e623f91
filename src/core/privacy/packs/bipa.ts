import type { LegalPack } from './pack.js';

export const bipa: LegalPack = {
  packId: 'bipa',
  name: 'Illinois Biometric Information Privacy Act',
  citation: '740 ILCS 14',
  version: '2026-11-26',
  territories: ['US-IL'],
  exemptions: ['25(c): financial institutions subject to title V of the Gramm-Leach-Bliley Act.'],
  rules: {
    basis: {
      article: '740 ILCS 14/15(b), 14/10',
      consent: 'written-release',
      methods: ['web-form', 'signed-import'],
      note: 'Informed written consent or an electronic signature (14/10 as amended by P.A. 103-0769), after information in writing: words read out or a key pressed give nothing in writing.',
    },
    notice: {
      article: '740 ILCS 14/15(b)(1), (2)',
      contents: ['that-voice-is-captured', 'purposes', 'retention-period'],
      inWriting: true,
    },
    withdrawal: null,
    renewal: null,
    retention: [
      { article: '740 ILCS 14/15(a)', from: 'purpose-met', period: { days: 0 } },
      { article: '740 ILCS 14/15(a)', from: 'last-interaction', period: { months: 36 } },
    ],
    publicPolicy: {
      article: '740 ILCS 14/15(a)',
      note: 'Retention schedule and guidelines for destruction, in writing.',
    },
    access: null,
    portability: null,
    correction: null,
    erasure: null,
    objection: null,
    limit: null,
    appeal: null,
    optOutSignal: null,
    automatedDecisions: null,
    sale: { article: '740 ILCS 14/15(c)', sale: 'forbidden' },
    children: null,
    watchlist: { article: '740 ILCS 14/15(b)', groundsWithoutConsent: [] },
    ownCallers: {
      article: '740 ILCS 14/15(b)(2), (3)',
      mayBeMeasured: false,
      note: 'Only for purposes that the release names in writing, and Timbre cannot read the release.',
    },
    proof: {
      article: '740 ILCS 14/15(b)(3)',
      keepAtLeast: { months: 60 },
      note: 'The release on file for as long as a claim can be brought: 5 years (735 ILCS 5/13-205; Tims v. Black Horse Carriers, 2023 IL 127801).',
    },
    breach: { article: '815 ILCS 530/10', tellAuthorityWithin: null, tellPersonsWithin: 'undue-delay' },
  },
};
