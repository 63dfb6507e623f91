import { consentMethods } from '../consent.js';
import type { LegalPack, RequestRule } from './pack.js';

const within = (article: string): RequestRule => ({
  article: `Civ. Code 1798.130(a)(2), ${article}`,
  answerWithin: { days: 45 },
  extension: { days: 45 },
  // 11 CCR 7021(a).
  confirmReceiptWithin: { businessDays: 10 },
});

/** Opt-outs and limits are carried out, not weighed: no extension, nothing to confirm first. */
const carriedOut = (article: string): RequestRule => ({
  article,
  answerWithin: { businessDays: 15 },
  extension: null,
  confirmReceiptWithin: null,
});

export const ccpa: LegalPack = {
  packId: 'ccpa',
  name: 'California Consumer Privacy Act as amended by the CPRA',
  citation: 'Cal. Civ. Code 1798.100 and following; 11 CCR 7000 and following',
  version: '2026-11-26',
  territories: ['US-CA'],
  exemptions: ['1798.145(e): personal information collected under the Gramm-Leach-Bliley Act.'],
  rules: {
    basis: {
      article: 'Civ. Code 1798.100(a), 1798.121',
      consent: 'notice',
      methods: consentMethods,
      note: 'The law is content with notice at collection and the right to limit; Timbre asks for consent all the same.',
    },
    notice: {
      article: 'Civ. Code 1798.100(a), 11 CCR 7012',
      contents: ['categories-of-data', 'purposes', 'retention-period', 'sale-or-sharing', 'rights'],
      inWriting: false,
      note: 'By telephone the notice may be given orally, 11 CCR 7012(c)(5).',
    },
    withdrawal: { article: 'Civ. Code 1798.121', effect: 'limits' },
    renewal: null,
    retention: [
      {
        article: 'Civ. Code 1798.100(a)(3), (c)',
        from: 'purpose-met',
        period: { days: 0 },
        note: 'No longer than disclosed, nor than reasonably necessary for the disclosed purpose.',
      },
    ],
    publicPolicy: { article: 'Civ. Code 1798.130(a)(5)', note: 'In the privacy policy.' },
    access: within('1798.110'),
    portability: within('1798.130(a)(3)(B)(iii)'),
    correction: within('1798.106'),
    erasure: { ...within('1798.105'), note: 'Exceptions for security and integrity, 1798.105(d)(2).' },
    objection: carriedOut('Civ. Code 1798.120, 11 CCR 7026(f)'),
    limit: carriedOut('Civ. Code 1798.121, 11 CCR 7027(g)'),
    appeal: null,
    optOutSignal: { article: 'Civ. Code 1798.135(b), 11 CCR 7025', note: 'Global Privacy Control.' },
    automatedDecisions: {
      article: '11 CCR 7200 to 7222',
      note: 'Automated decision-making technology; for systems in use before, from 2027-01-01.',
    },
    sale: { article: 'Civ. Code 1798.120', sale: 'opt-out' },
    children: {
      article: 'Civ. Code 1798.120(c)',
      ownConsentFromAge: 13,
      note: 'Of sale and sharing: opt-in under 16, by a parent under 13.',
    },
    watchlist: {
      article: 'Civ. Code 1798.105(d)(2), 1798.121(a), 1798.140(ac)',
      groundsWithoutConsent: ['legal-claims', 'security-exception'],
    },
    ownCallers: {
      article: '11 CCR 7027(m)(8)',
      mayBeMeasured: true,
      note: 'To verify or maintain the quality of the service; reasonably necessary and proportionate, 1798.100(c).',
    },
    proof: { article: '11 CCR 7101(a)', keepAtLeast: { months: 24 } },
    breach: {
      article: 'Civ. Code 1798.82(a)',
      tellAuthorityWithin: null,
      tellPersonsWithin: { days: 30 },
      note: 'To the Attorney General within 15 days of telling more than 500 residents, 1798.82(f).',
    },
  },
};
