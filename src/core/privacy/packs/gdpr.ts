import { consentMethods } from '../consent.js';
import type { LegalPack, RequestRule } from './pack.js';

/** EU, EEA, the regions of the EU with a country code of their own, and the United Kingdom, whose UK GDPR keeps the numbers of the articles. */
const territories = [
  ...[
    'AT',
    'BE',
    'BG',
    'CY',
    'CZ',
    'DE',
    'DK',
    'EE',
    'ES',
    'FI',
    'FR',
    'GR',
    'HR',
    'HU',
    'IE',
    'IT',
    'LT',
    'LU',
  ],
  ...['LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
  ...['IS', 'LI', 'NO'],
  ...['AX', 'GF', 'GP', 'MF', 'MQ', 'RE', 'YT'],
  'GB',
];

const within = (article: string): RequestRule => ({
  article: `Art. 12(3), ${article}`,
  answerWithin: { months: 1 },
  extension: { months: 2 },
  confirmReceiptWithin: null,
});

export const gdpr: LegalPack = {
  packId: 'gdpr',
  name: 'General Data Protection Regulation',
  citation: 'Regulation (EU) 2016/679; UK GDPR with the Data Protection Act 2018',
  version: '2026-11-26',
  territories,
  exemptions: [
    'Art. 3(1): a controller established in the Union is bound wherever its customers live: name gdpr in privacy.everywhere.',
    'Art. 9(4): Member States may add conditions for biometric data.',
  ],
  rules: {
    basis: {
      article: 'Art. 9(2)(a)',
      consent: 'explicit-consent',
      methods: consentMethods,
      note: 'A spoken yes or a key pressed after fair, clear information can be explicit (EDPB Guidelines 05/2020, paras 93 to 98); proving it is the controller’s burden, Art. 7(1).',
    },
    notice: {
      article: 'Art. 13',
      contents: [
        'that-voice-is-captured',
        'who-is-responsible',
        'purposes',
        'legal-basis',
        'recipients',
        'retention-period',
        'rights',
        'how-to-withdraw',
        'complaint-to-authority',
      ],
      inWriting: false,
      note: 'Orally when the person asks for it and is identified, Art. 12(1): have the full text at hand in writing.',
    },
    withdrawal: { article: 'Art. 7(3)', effect: 'stops' },
    renewal: null,
    retention: [{ article: 'Art. 5(1)(e)', from: 'purpose-met', period: { days: 0 } }],
    publicPolicy: null,
    access: within('Art. 15'),
    portability: within('Art. 20'),
    correction: within('Art. 16'),
    erasure: { ...within('Art. 17'), note: 'Not where needed for legal claims, Art. 17(3)(e).' },
    objection: within('Art. 21'),
    limit: { ...within('Art. 18'), note: 'Restriction of processing.' },
    appeal: null,
    optOutSignal: {
      article: 'Art. 21(5)',
      note: 'Objection by automated means with technical specifications.',
    },
    automatedDecisions: { article: 'Art. 22', note: 'No decision of legal effect by machine alone.' },
    sale: null,
    children: { article: 'Art. 8(1)', ownConsentFromAge: 16, note: '13 to 16 by Member State.' },
    watchlist: {
      article: 'Art. 9(2)(f) and (g)',
      groundsWithoutConsent: ['legal-claims', 'substantial-public-interest'],
      note: '(g) needs a law of the Union or a Member State: the list names it.',
    },
    proof: { article: 'Art. 5(2), 7(1), 30', keepAtLeast: null },
    breach: {
      article: 'Art. 33(1), 34(1)',
      tellAuthorityWithin: { hours: 72 },
      tellPersonsWithin: 'undue-delay',
    },
  },
};
